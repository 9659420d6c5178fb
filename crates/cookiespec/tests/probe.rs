//! `cookiespec probe` as a user sees it.

mod support;

use std::fs;

use support::{Ran, command, cookiespec};

#[test]
fn a_program_that_a_descriptor_names_is_printed_before_it_is_run_and_can_be_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let (file, ran) = (folder.path().join("app.toml"), folder.path().join("ran"));
    let descriptor = |origin: &str| {
        format!(
            "name = \"an application\"\norigin = \"{origin}\"\n\
             login = {{ method = \"POST\", path = \"/login\", form = {{ user = \"{{user}}\", password = \"{{password}}\" }} }}\n\
             logout = {{ method = \"POST\", path = \"/logout\" }}\n\
             whoami = {{ path = \"/\", capture = '(\\w+)' }}\n\
             accounts = [{{ user = \"a\", password = \"a\" }}, {{ user = \"b\", password = \"b\" }}]\n\
             [process]\nstart = [\"touch\", \"{}\"]\n",
            ran.display()
        )
    };
    // Nobody listens on port 1.
    fs::write(&file, descriptor("http://127.0.0.1:1")).unwrap();
    let probe = |more: &[&str]| cookiespec(&[&["probe", file.to_str().unwrap()], more].concat());

    let probed = probe(&["--no-start"]);
    assert_eq!(probed.code, Some(3), "{probed:?}");
    assert!(!probed.stderr.contains("touch"), "{}", probed.stderr);
    assert!(!ran.exists());
    assert_eq!(probed.stdout, "");

    let probed = probe(&[]);
    assert!(probed.stderr.starts_with("process.start: [\"touch\", "), "{}", probed.stderr);
    assert!(ran.exists());

    fs::write(&file, descriptor("http://127.0.0.1:{port}")).unwrap();
    let probed = probe(&["--no-start"]);
    assert_eq!(probed.code, Some(2), "{probed:?}");
    assert!(probed.stderr.contains("{port} needs a [process]"), "{}", probed.stderr);
}

#[test]
fn a_browser_that_is_not_installed_is_named_with_what_installs_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.toml");
    let descriptor = "origin = \"http://127.0.0.1:1\"\nlogin = { path = \"/login\" }\n\
                      logout = { path = \"/logout\" }\nwhoami = { path = \"/\", capture = '(a)' }\n\
                      accounts = [{ user = \"a\", password = \"a\" }]\n";
    fs::write(&file, descriptor).unwrap();
    let probe = |more: &[&str]| {
        let mut command = command();
        command.arg("probe").arg(&file).args(["--browser", "firefox"]).args(more);
        Ran::of(command.env("PATH", folder.path()))
    };
    let ran = probe(&[]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("run `shims/setup browsers/firefox`"), "{ran:?}");
    let ran = probe(&["--format", "junit"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("there is no junit report of this, only text, json"), "{ran:?}");
}
