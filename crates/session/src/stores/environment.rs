//! Where the sessions of a deployment are.

use std::path::Path;
use std::sync::Arc;

use crate::store::{Store, StoreError};

/// The store that `COOKIESPEC_REDIS_URL` names, or else the one in the file `path`.
///
/// # Errors
/// [`StoreError::Unavailable`] when it cannot be opened, or is one this build has no feature for.
pub async fn open_store(path: impl AsRef<Path>) -> Result<Arc<dyn Store>, StoreError> {
    match std::env::var(REDIS_URL) {
        Ok(url) => redis(&url).await,
        Err(_) => Ok(Arc::new(super::EmbeddedStore::open(path)?)),
    }
}

#[cfg(feature = "redis")]
async fn redis(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(super::RedisStore::connect(url).await?))
}

#[cfg(not(feature = "redis"))]
async fn redis(_: &str) -> Result<Arc<dyn Store>, StoreError> {
    let why = format!("{REDIS_URL} is set, and this was built without the feature redis");
    Err(StoreError::Unavailable(why.into()))
}

const REDIS_URL: &str = "COOKIESPEC_REDIS_URL";
