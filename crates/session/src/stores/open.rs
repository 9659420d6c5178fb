//! The choice of a store by environment variable.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::EmbeddedStore;
use crate::store::{Store, StoreError};

/// Opens the store that the environment variable `COOKIESPEC_REDIS_URL` names, or else the one
/// in the file `path`.
///
/// # Errors
/// [`StoreError::Unavailable`] if it cannot be opened, or if this build lacks the feature for
/// it.
pub async fn open_store(path: impl AsRef<Path>) -> Result<Arc<dyn Store>, StoreError> {
    match std::env::var(REDIS_URL) {
        Ok(url) => redis(&url).await,
        Err(_) => embedded(path.as_ref()).await,
    }
}

/// Opens the file on a thread of its own, because that blocks.
async fn embedded(path: &Path) -> Result<Arc<dyn Store>, StoreError> {
    let (reply, opened) = oneshot::channel();
    let path = path.to_owned();
    let open = move || {
        // It fails if the caller no longer waits.
        let _ = reply.send(EmbeddedStore::open(path));
    };
    let unavailable = |error: std::io::Error| StoreError::Unavailable(error.into());
    std::thread::Builder::new().spawn(open).map_err(unavailable)?;
    let opened = opened.await.map_err(|error| StoreError::Unavailable(error.into()))?;
    Ok(Arc::new(opened?))
}

#[cfg(feature = "redis")]
async fn redis(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(super::RedisStore::connect(url).await?))
}

#[cfg(not(feature = "redis"))]
async fn redis(_: &str) -> Result<Arc<dyn Store>, StoreError> {
    let why = format!("{REDIS_URL} is set, but this build lacks the feature `redis`");
    Err(StoreError::Unavailable(why.into()))
}

const REDIS_URL: &str = "COOKIESPEC_REDIS_URL";
