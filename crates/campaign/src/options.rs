//! What of a campaign is run, and on which program.

use std::env::consts::EXE_EXTENSION;
use std::path::PathBuf;

/// How a campaign is run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The `cookiespec` that is tried.
    pub program: PathBuf,
    /// The folder of the programs that the campaigns themselves use.
    pub helpers: PathBuf,
    /// Whether only a sample is run: enough to see that each part of the kind still works, in a few
    /// seconds.
    pub sample: bool,
    /// The only trial to run, by its name.
    pub only: Option<String>,
}

impl Options {
    /// The program that does not want to end, which is built beside the campaigns.
    pub fn hostile(&self) -> PathBuf {
        self.helpers.join("hostile").with_extension(EXE_EXTENSION)
    }

    /// The user agent with a cookie file, which is built beside the campaigns.
    pub fn cookie_file(&self) -> PathBuf {
        self.helpers.join("cookie-file").with_extension(EXE_EXTENSION)
    }

    /// Whether a trial is to be run: each, or the one that was named, or of a sample the first of
    /// every `stride` trials of the kind.
    pub fn includes(&self, name: &str, index: usize, stride: usize) -> bool {
        match &self.only {
            Some(only) => only == name,
            None => !self.sample || index.is_multiple_of(stride),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_part_of_the_whole_and_a_name_is_one_trial() {
        let nowhere = PathBuf::new;
        let mut options =
            Options { program: nowhere(), helpers: nowhere(), sample: false, only: None };
        let count = |options: &Options| (0..10).filter(|&at| options.includes("a", at, 4)).count();
        assert_eq!(count(&options), 10);
        options.sample = true;
        assert_eq!(count(&options), 3);
        options.only = Some("a".to_owned());
        assert!(options.includes("a", 1, 4) && !options.includes("b", 0, 4));
    }
}
