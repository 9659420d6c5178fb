//! Reading files that somebody else wrote: never more of one than it may have.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The octets of a file of at most `limit` octets.
///
/// # Errors
/// It cannot be read, or is longer: [`io::ErrorKind::FileTooLarge`].
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut octets)?;
    if octets.len() as u64 > limit {
        let what = format!("it has more than {limit} octets, which is all that is read of it");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
    }
    Ok(octets)
}

/// The text of a file of at most `limit` octets.
///
/// # Errors
/// As for [`read`]; or it is not UTF-8: [`io::ErrorKind::InvalidData`].
pub fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    String::from_utf8(read(path, limit)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        io::Error::new(io::ErrorKind::InvalidData, format!("it is not UTF-8 at octet {at}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_a_file_may_have() {
        let this = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let octets = read(&this, 1 << 20).unwrap();
        assert_eq!(read(&this, octets.len() as u64).unwrap(), octets);
        let error = read(&this, octets.len() as u64 - 1).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert!(error.to_string().contains("octets, which is all that is read"), "{error}");
        assert_eq!(read_text(&this, 1 << 20).unwrap().as_bytes(), octets);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_without_end_is_too_large() {
        let error = read(Path::new("/dev/zero"), 100).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }
}
