//! Files that are damaged: each is read or refused with a sentence, and none is made worse.

mod damages;
mod good_files;
mod kinds;

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use self::damages::{DAMAGES, damage};
use self::good_files::{Files, good_files};
use self::kinds::{KINDS, Kind, Reader};
use crate::bounds::Bounds;
use crate::cookie_file::{NOW, empty_store, format_of};
use crate::options::Options;
use crate::report::{Report, Trial};

/// Of a sample, one of so many trials is run.
const STRIDE: usize = 331;

/// The variable that names the folder of the shims, in a program that is built with the campaigns.
const SHIMS: &str = "COOKIESPEC_SHIMS";

/// Runs the trials.
pub(super) fn run(options: &Options) -> Report {
    let good = match good_files(options) {
        Ok(good) => good,
        Err(what) => return Report::default().leaving_out([format!("no files to damage: {what}")]),
    };
    let good = &good;
    let mut trials = Vec::new();
    let mut left_out = Vec::new();
    let takes_shims = takes_shims(options);
    for kind in KINDS {
        if kind.reader == Reader::WithShims && !takes_shims {
            left_out.push(format!("{}: this program has its shims elsewhere", kind.name));
            continue;
        }
        for nth in 0..kind.count {
            trials.push(Trial {
                name: format!("{} {nth}: {}", kind.name, DAMAGES[nth % DAMAGES.len()].0),
                run: Box::new(move || damaged(options, good, kind, Some(nth))),
            });
        }
        trials.push(Trial {
            name: format!("{}: 300 MB of junk", kind.name),
            run: Box::new(move || damaged(options, good, kind, None)),
        });
    }
    Report::of_independent(options, STRIDE, trials).leaving_out(left_out)
}

/// Whether the program takes the folder of its shims from the environment.
fn takes_shims(options: &Options) -> bool {
    let mut command = Command::new(&options.program);
    let Ok(none) = tempfile::tempdir() else { return false };
    command.args(["list", "--targets"]).env(SHIMS, none.path());
    let ran = Bounds::default().run(&mut command);
    ran.is_ok_and(|ran| ran.code() == Some(0) && !ran.stdout.windows(5).any(|it| it == b"node:"))
}

/// Reads a file with the damage of this number; or one that is only long.
fn damaged(options: &Options, good: &Files, kind: &Kind, nth: Option<usize>) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    for (name, octets) in good {
        let file = folder.path().join(name);
        let parent = file.parent().unwrap_or(folder.path());
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&file, octets))
            .map_err(|error| error.to_string())?;
    }
    let file = folder.path().join(kind.file);
    match nth {
        Some(nth) => fs::write(&file, damage(&good[kind.file], nth)),
        None => File::create(&file).and_then(|it| it.set_len(300_000_000)),
    }
    .map_err(|error| error.to_string())?;
    let before = nth.map(|_| fs::read(&file).unwrap_or_default());

    let bounds = Bounds { output: 1 << 20, ..Bounds::default() };
    let mut command = match kind.reader {
        Reader::CookieFile => Command::new(options.cookie_file()),
        Reader::Cookiespec | Reader::WithShims => Command::new(&options.program),
    };
    if kind.reader == Reader::WithShims {
        command.env(SHIMS, folder.path().join("shims"));
    }
    command.current_dir(folder.path()).args(kind.command);
    let ran = bounds.run(&mut command).map_err(|error| error.to_string())?;
    bounds.check(&ran)?;
    if ran.code() == Some(2) && ran.stderr.trim_ascii().is_empty() {
        return Err("it is refused without a reason".to_owned());
    }
    match before {
        None if matches!(ran.code(), Some(0)) => Err("junk was taken for a file".to_owned()),
        None => Ok(()),
        Some(before) => check_afterwards(kind, &file, &before, ran.code()),
    }
}

/// A file that was refused is as it was; a lock that was taken up has all ids that were in it.
fn check_afterwards(
    kind: &Kind,
    file: &Path,
    before: &[u8],
    code: Option<i32>,
) -> Result<(), String> {
    let after = fs::read(file).map_err(|error| error.to_string())?;
    if kind.reader == Reader::CookieFile && code == Some(0) {
        return check_cookies(kind, file, before, &after);
    }
    let is_written = kind.command.contains(&"--bless") || kind.command.contains(&"bless");
    let is_run = kind.file.starts_with("found/");
    if (!is_written && !is_run || code == Some(2)) && after != before {
        return Err("a file that is only read was changed".to_owned());
    }
    if kind.file.ends_with("ids.lock") {
        let before = String::from_utf8_lossy(before).into_owned();
        let after = String::from_utf8_lossy(&after).into_owned();
        let ids = before.lines().filter(|line| !line.starts_with('#'));
        let lost = ids.filter_map(|line| line.split(' ').next()).find(|id| !after.contains(id));
        if let Some(lost) = lost {
            return Err(format!("the id {lost:?} is gone"));
        }
    }
    Ok(())
}

/// A cookie file that was loaded has lost the cookies that had expired and nothing else; one that was
/// updated has the cookies that were in it, and no line without one.
fn check_cookies(kind: &Kind, file: &Path, before: &[u8], after: &[u8]) -> Result<(), String> {
    let (format, mut store) = (format_of(file), empty_store());
    let (loaded, kept) = format.restore(before, &mut store, NOW);
    if kind.command.contains(&"load") {
        let expected = if loaded.expired > 0 { &*kept } else { before };
        return match after == expected {
            true => Ok(()),
            false => Err("a line is gone that holds no cookie, or one that has not expired".into()),
        };
    }
    let (text, saved) = format.text_of(&store, NOW);
    let (again, _) = format.restore(after, &mut empty_store(), NOW);
    match after == text && again.restored == saved.written && again.problems.is_empty() {
        true => Ok(()),
        false => Err(format!("of {} cookies, {} can be read again", saved.written, again.restored)),
    }
}
