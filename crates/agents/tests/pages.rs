//! Cases that need pages, in a real browser: requests from other sites, and scripts.

use std::time::Duration;

use cookiespec_agents::Adapter;
use cookiespec_agents::webdriver::{Browser, BrowserAgent};
use cookiespec_vectors::{Implementation as _, Operation, Profile, Suite, Verdict, ask, judge};

#[test]
fn chromium_passes_the_cases_about_sites_and_scripts() {
    let browser = Browser::ChromiumHeadlessShell;
    if let Err(error) = browser.find() {
        eprintln!("skipped: {error}");
        return;
    }
    let mut adapter = Adapter::start(|origins| {
        Ok(Box::new(BrowserAgent::start(browser, origins.address(), PAGE_TIME)?))
    })
    .unwrap();
    let about = adapter.about();
    let suite = Suite::embedded().unwrap();
    let mut passed = 0;
    let mut others = Vec::new();
    for case in suite.cases() {
        let is_chosen = ["jar.same-site", "jar.http-only"].contains(&case.area());
        if !is_chosen || !matches!(case.operation(), Operation::Jar(_)) {
            continue;
        }
        let answer = ask(&mut adapter, case.operation());
        let judgement = judge(case, Profile::Rfc6265bis, &about, &answer);
        match judgement.verdict {
            Verdict::Pass => passed += 1,
            Verdict::Unsupported | Verdict::NotApplicable => {}
            verdict => others.push((case.id.clone(), verdict, judgement.note)),
        }
    }
    assert!(others.is_empty(), "{others:?}");
    assert!(passed >= 50, "only {passed} cases were walked");
}

const PAGE_TIME: Duration = Duration::from_secs(30);
