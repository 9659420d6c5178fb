//! `cookiespec probe` as a user sees it.

mod support;

use std::fs;

use support::cookiespec;

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
