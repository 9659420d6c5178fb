//! https: whose certificates are trusted.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use crate::error::Error;

/// Whose certificates are trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// The authorities that this machine trusts.
    #[default]
    System,
    /// The authorities in a PEM file, and no others.
    File(PathBuf),
}

impl Trust {
    /// The settings of a client that trusts these.
    pub(crate) fn config(&self) -> Result<Arc<ClientConfig>, Error> {
        let mut roots = RootCertStore::empty();
        for certificate in self.certificates()? {
            // A machine may hold certificates that rustls cannot read; the others serve.
            let added = roots.add(certificate);
            if let (Self::File(path), Err(error)) = (self, added) {
                return Err(unusable(path, &error));
            }
        }
        if let (Self::File(path), true) = (self, roots.is_empty()) {
            return Err(unusable(path, &"there is no certificate in it"));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::Tls(error.to_string()))?;
        Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
    }

    fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, Error> {
        match self {
            Self::System => Ok(rustls_native_certs::load_native_certs().certs),
            Self::File(path) => CertificateDer::pem_file_iter(path)
                .and_then(Iterator::collect)
                .map_err(|error| unusable(path, &error)),
        }
    }
}

fn unusable(path: &std::path::Path, error: &dyn std::fmt::Display) -> Error {
    Error::Tls(format!("the file of trusted certificates {} is of no use: {error}", path.display()))
}

/// The client's side of a connection to this host.
pub(crate) fn connection(
    config: &Arc<ClientConfig>,
    host: &str,
) -> Result<ClientConnection, Error> {
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(bare).map_err(|error| Error::Tls(error.to_string()))?;
    ClientConnection::new(Arc::clone(config), name).map_err(|error| Error::Tls(error.to_string()))
}
