//! Files that commands write are replaced as a whole, and never one that the command reads.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use support::{Ran, command, cookiespec};

/// A folder, and the path of a file in it with some contents.
fn file(name: &str, contents: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::write(&file, contents).unwrap();
    (folder, file)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn one_file_under_two_names_is_refused_before_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let ran = Ran::of(
        command()
            .args(["run", "reference", "--format", "json=a,html=./a"])
            .current_dir(folder.path()),
    );
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("two reports go to ./a"), "{}", ran.stderr);
    assert_eq!(ran.stdout, "");
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn what_a_command_reads_is_not_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let baseline = folder.path().join("reference.toml");
    let path = |file: &Path| file.to_str().unwrap().to_owned();
    let blessed = cookiespec(&["bless", "reference", "--baseline", &path(&baseline)]);
    assert_eq!(blessed.code, Some(0), "{blessed:?}");
    let before = fs::read(&baseline).unwrap();
    let format = format!("json={}", folder.path().join("./reference.toml").display());
    let ran =
        cookiespec(&["run", "reference", "--baseline", &path(&baseline), "--format", &format]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("is read by this command"), "{}", ran.stderr);
    assert_eq!(fs::read(&baseline).unwrap(), before);

    let events = folder.path().join("run.ndjson");
    let format = format!("events={}", events.display());
    let ran = cookiespec(&["run", "reference", "--area", "date", "--format", &format]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let ran = cookiespec(&["report", &path(&events), "--format", &format]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert_eq!(cookiespec(&["report", &path(&events)]).code, Some(0));

    let zoo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zoo/flask.toml");
    let (_folder, report) = file("report.json", "{}");
    for option in ["--baseline", "--replay"] {
        let format = format!("json={}", report.display());
        let ran = cookiespec(&["probe", &path(&zoo), option, &path(&report), "--format", &format]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains("is read by this command"), "{}", ran.stderr);
        assert_eq!(fs::read(&report).unwrap(), b"{}");
    }
}

#[cfg(unix)]
#[test]
fn a_report_is_there_as_before_until_the_new_one_is_complete() {
    let (_folder, report) = file("report.json", "before");
    let mut run = command()
        .args(["run", "--format", &format!("json={}", report.display()), "--", "cat"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // `cat` answers nothing that is an answer, or the run is killed while it waits: in neither case
    // is there anything in between.
    run.kill().unwrap();
    run.wait().unwrap();
    assert_eq!(fs::read(&report).unwrap(), b"before");
}

#[cfg(unix)]
#[test]
fn a_link_is_replaced_and_its_target_stays() {
    let (folder, target) = file("target", "of somebody else");
    let link = folder.path().join("report.json");
    std::os::unix::fs::symlink(&target, &link).unwrap();
    let format = format!("json={}", link.display());
    let ran = cookiespec(&["run", "reference", "--area", "date", "--format", &format]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(fs::read(&target).unwrap(), b"of somebody else");
    assert!(fs::symlink_metadata(&link).unwrap().is_file());
    assert_eq!(names(folder.path()), ["report.json", "target"]);
}

#[cfg(unix)]
#[test]
fn a_report_goes_to_what_the_process_has_open() {
    let ran = Ran::of(command().args([
        "run",
        "reference",
        "--area",
        "date",
        "--format",
        "json=/dev/stderr",
    ]));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stderr.starts_with('{'), "{}", ran.stderr);
}

#[test]
fn authors_at_the_same_time_get_ids_of_their_own() {
    const AUTHORS: usize = 12;
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap();
    let authors: Vec<_> = (0..AUTHORS)
        .map(|_| {
            command()
                .args(["vectors", "new", "my.area", "parse.date", "--vectors", place])
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut author in authors {
        assert!(author.wait().unwrap().success());
    }
    let text = fs::read_to_string(folder.path().join("my.area.json")).unwrap();
    let ids = |id: &usize| text.matches(&format!("\"my.area.{id:04}\"")).count() == 1;
    assert!((1..=AUTHORS).all(|id| ids(&id)), "{text}");
    assert_eq!(names(folder.path()), ["my.area.json"]);
}
