//! Connections as they come in.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::connection;
use super::peer::{Peer, Service};

/// Accepts connections for ever, as many at once as there are permits.
pub(super) async fn accept(listener: TcpListener, service: Arc<Service>, permits: Arc<Semaphore>) {
    let mut connection = 0;
    let mut peer = || {
        connection += 1;
        Peer::new(Arc::clone(&service), connection)
    };
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => return peer().failed(format!("cannot listen: {error}")),
    };
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let peer = peer();
                let Ok(permit) = Arc::clone(&permits).try_acquire_owned() else {
                    peer.failed("closed at once, because too many connections are open".into());
                    continue;
                };
                tokio::spawn(async move {
                    connection::serve(stream, peer).await;
                    drop(permit);
                });
            }
            Err(error) => {
                peer().failed(format!("a connection was not accepted: {error}"));
                // Out of descriptors: others have to be closed first.
                tokio::time::sleep(RETRY).await;
            }
        }
    }
}

const RETRY: Duration = Duration::from_millis(50);
