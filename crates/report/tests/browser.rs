//! The HTML report in a real browser, from the file system and with the network off. Skipped, and
//! said so, where there is no Chromium.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use cookiespec_report::Record;
use cookiespec_report::writers::html;

use support::{clean_record, record, skipped};

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

fn browser() -> Option<&'static str> {
    let runs = |name: &&str| Command::new(name).arg("--version").output().is_ok();
    let found = BROWSERS.into_iter().find(runs);
    if found.is_none() {
        skipped("there is no Chromium here (Debian: chromium)");
    }
    found
}

/// What the page looks like to the browser once its scripts have run.
fn dom(browser: &str, record: &Record, hash: &str) -> String {
    load(browser, &html::render(record), hash)
}

fn load(browser: &str, page: &str, hash: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    fs::write(&file, page).unwrap();
    let ran = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        // Every name is unknown, and the proxy is a port where nobody listens.
        .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9"])
        .args(["--window-size=1280,900", "--virtual-time-budget=2000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(address(&file, hash))
        .output()
        .unwrap();
    let dom = String::from_utf8(ran.stdout).unwrap();
    assert!(dom.contains("</html>"), "{}", String::from_utf8_lossy(&ran.stderr));
    // What the scripts were given is in the document, too.
    let (before, data) = dom.split_once("<script type=\"application/json\"").unwrap();
    let (_, after) = data.split_once("</script>").unwrap();
    format!("{before}{}", after.split_once("</script>").map_or("", |(_, rest)| rest))
}

fn address(file: &Path, hash: &str) -> String {
    format!("file://{}#{hash}", file.display())
}

/// The element that starts with this text is shown.
fn is_hidden(dom: &str, start: &str) -> bool {
    let (_, rest) = dom.split_once(start).unwrap_or_else(|| panic!("no {start}"));
    rest.split_once('>').unwrap().0.contains("hidden")
}

#[test]
fn the_matrix_has_a_row_per_case_and_a_column_per_target() {
    let Some(browser) = browser() else { return };
    let dom = dom(browser, &record(), "");
    assert!(!is_hidden(&dom, "<section id=\"cases\"") && is_hidden(&dom, "<article id=\"case\""));
    assert_eq!(dom.matches(" data-row=").count(), 4, "{dom}");
    assert!(dom.contains("4 of 4 cases"));
    // Under rfc6265bis: the reference engine, the hostile target and the one that does not start.
    let head = dom.split("<thead>").nth(1).unwrap().split("</thead>").next().unwrap();
    assert_eq!(head.matches("<th ").count(), 1 + 3, "{head}");
    assert!(dom.contains("<td class=\"bad\" aria-label=\"crash\" tabindex=\"-1\">C</td>"));
    assert!(dom.contains("Cases with different answers"));
}

#[test]
fn a_filter_is_a_link() {
    let Some(browser) = browser() else { return };
    for (hash, count) in [
        ("verdict=crash", 1),
        ("verdict=failure&profile=rfc6265", 3),
        ("verdict=unsupported&profile=rfc6265", 1),
        ("verdict=failure&target=silent", 0),
        ("section=5.6", 1),
        ("section=5.1&profile=rfc6265", 2),
        ("text=x9b%20NAMELESS", 1),
        ("area=report&text=no-such-words", 0),
        ("area=no-such-area", 4),
    ] {
        let dom = dom(browser, &record(), hash);
        assert!(dom.contains(&format!("{count} of 4 cases")), "{hash}: {dom}");
        assert_eq!(dom.matches(" data-row=").count(), count, "{hash}");
    }
}

#[test]
fn a_case_has_a_page() {
    let Some(browser) = browser() else { return };
    let dom = dom(browser, &record(), "case=report.0001&target=reference+rfc6265");
    assert!(is_hidden(&dom, "<section id=\"cases\"") && !is_hidden(&dom, "<article id=\"case\""));
    for part in [
        "<title>report.0001 – cookiespec report</title>",
        "is &lt;b&gt;nameless&lt;/b&gt; in one text",
        "set_cookie  \"foo\\x9b[31m; Path=/\"",
        "rfc6265 expects",
        "rfc6265bis expects",
        "rfc6265bis section 5.6 step 3 (PARSE-03)",
        "cookiespec run --profile rfc6265 --only report.0001 reference\n",
        "cookiespec explain report.0001 --target reference",
        "must fail: at cookie.name: want \"\"",
        "not run",
    ] {
        assert!(dom.contains(part), "{part}: {dom}");
    }
    let current = dom.split("aria-current=\"true\"").nth(1).unwrap();
    assert!(current.split("</a>").next().unwrap().ends_with(" reference rfc6265"), "{current}");
}

/// The page after somebody has pressed these keys, one after the other.
fn pressed(browser: &str, keys: &[&str]) -> String {
    let page = html::render(&record());
    let (before, after) = page.rsplit_once("</script>").unwrap();
    let keys = serde_json::to_string(keys).unwrap();
    let press = format!(
        "document.querySelector('#matrix a[tabindex=\"0\"]').focus();
        for (const key of {keys}) {{
          const event = new KeyboardEvent('keydown', {{ key, bubbles: true, cancelable: true }});
          if (document.activeElement.dispatchEvent(event) && key === 'Enter') document.activeElement.click();
        }}
        document.activeElement.setAttribute('data-focus', '');"
    );
    load(browser, &format!("{before}{press}</script>{after}"), "order=id&profile=rfc6265")
}

#[test]
fn the_matrix_is_driven_by_keys() {
    let Some(browser) = browser() else { return };
    // Under rfc6265 the columns are the reference engine, the hostile target and the silent one.
    let dom = pressed(browser, &["ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"]);
    let focused = dom.split(" data-focus").next().unwrap().rsplit('<').next().unwrap();
    assert!(
        focused.starts_with("td class=\"bad\" aria-label=\"crash\" tabindex=\"0\""),
        "{focused}"
    );
    assert_eq!(dom.matches("tabindex=\"0\"").count(), 3, "one stop, and the two tables: {dom}");
    let dom = pressed(browser, &["End", "ArrowLeft", "ArrowDown", "Enter"]);
    assert!(dom.contains("<title>report.0002 – cookiespec report</title>"), "{dom}");
    let current = dom.split("aria-current=\"true\"").nth(1).unwrap();
    assert!(!current.split("</a>").next().unwrap().contains("reference"), "{current}");
    let dom = pressed(browser, &["ArrowDown", "Enter"]);
    assert!(dom.contains("<title>report.0002 – cookiespec report</title>"), "{dom}");
}

#[test]
fn markup_in_a_report_makes_no_element() {
    let Some(browser) = browser() else { return };
    for hash in ["", "case=report.0001", "case=report.0002", "case=report.0003"] {
        let dom = dom(browser, &record(), hash);
        assert!(!dom.contains("<script>alert") && !dom.contains("<!--]]"), "{hash}");
        assert!(!dom.contains('\u{1b}') && !dom.contains('\u{202e}'), "{hash}");
    }
    let dom = dom(browser, &record(), "case=%3Cscript%3Ealert(1)%3C/script%3E");
    assert!(dom.contains("There is no such case in this report"));
    assert!(dom.contains("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"), "{dom}");
}

#[test]
fn a_run_without_failures_has_a_page_too() {
    let Some(browser) = browser() else { return };
    let dom = dom(browser, &clean_record(), "verdict=pass");
    assert!(dom.contains("4 of 4 cases"), "{dom}");
}
