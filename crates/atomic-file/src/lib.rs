//! Replacing a file in one step, and taking turns with other processes.
//!
//! [`replace`] writes beside the file, syncs and renames; [`Lock`] is for a file that several
//! processes read, change and write back, and [`FolderLock`] for all files of a folder.
//!
//! ```
//! use cookiespec_atomic_file::{Access, Lock, replace};
//!
//! # fn main() -> std::io::Result<()> {
//! # let folder = tempfile::tempdir()?;
//! let file = folder.path().join("report.json");
//! replace(&file, b"{}", Access::Usual)?;
//! assert_eq!(std::fs::read(&file)?, b"{}");
//!
//! let lock = Lock::acquire(&file)?;
//! lock.remove_drafts()?; // of processes that were killed while they wrote
//! replace(&file, b"[]", Access::Usual)?;
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod draft;
mod lock;
mod replace;
mod step;

pub use self::lock::{FolderLock, Lock};
pub use self::replace::{Access, check, replace};
