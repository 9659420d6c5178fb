//! The event file: what is written comes back, and what is not complete is refused.

mod support;

use cookiespec_report::writers::events::{read, read_even_if_interrupted, render};
use cookiespec_report::writers::json;
use cookiespec_report::{Budget, Exit, Kind, Outcome, Output, Record, ShimFailure, Terminal};
use cookiespec_vectors::{Answer, Profile, Verdict};

use support::{clean_record, record};

fn error(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn a_record_comes_back_as_it_was() {
    let record = record();
    let text = render(&record);
    let back = read(&text).unwrap();
    assert_eq!(render(&back), text);
    assert_eq!(json::render(&back), json::render(&record));
    assert_eq!(back.cases, record.cases);
    assert_eq!(back.absent, record.absent);
    for (back, target) in back.targets.iter().zip(&record.targets) {
        assert_eq!(back.outcomes, target.outcomes);
        assert_eq!(back.error, target.error);
        assert_eq!(back.fingerprint, target.fingerprint);
    }
}

#[test]
fn more_values_than_a_run_has_are_refused_before_they_are_read() {
    let text = render(&record()).replacen('\n', &format!("\n[{}1]\n", "1,".repeat(48_000_000)), 1);
    let error = error(&text);
    assert!(error.starts_with("line 2: the file has more than 48000000 values"), "{error}");
}

#[test]
fn what_a_baseline_expects_comes_back_too() {
    let mut record = record();
    let result = &mut record.targets[2].results[0];
    result.expected = result.judgements.iter().map(|it| it.verdict.is_failure()).collect();
    let back = read(&render(&record)).unwrap();
    assert_eq!(back.targets[2].results[0].expected, record.targets[2].results[0].expected);
    for kind in Kind::ALL {
        let output: Output = kind.name().parse().unwrap();
        let [again, first] = [&back, &record].map(|it| output.render(it, Terminal::default()));
        assert_eq!(again, first, "{}", kind.name());
        let without = output.render(&support::record(), Terminal::default());
        // A badge counts targets, and this one is broken with or without a baseline.
        assert!(kind == Kind::Badge || first != without, "{}", kind.name());
    }
}

#[test]
fn what_is_worse_than_a_baseline_comes_back_too() {
    let mut record = record();
    let result = &mut record.targets[1].results[0];
    result.worse = result.judgements.iter().map(|it| it.verdict == Verdict::Weak).collect();
    let back = read(&render(&record)).unwrap();
    assert_eq!(back.targets[1].results[0].worse, record.targets[1].results[0].worse);
    let of = |record: &Record| {
        Kind::Junit.name().parse::<Output>().unwrap().render(record, Terminal::default())
    };
    assert_eq!(of(&back), of(&record));
    let failures = |text: String| text.matches("<failure type=\"weak\"").count();
    assert_eq!(failures(of(&back)), 1);
    record.targets[1].results[0].worse.clear();
    assert_eq!(failures(of(&record)), 0);
}

#[test]
fn what_varies_comes_back_too() {
    let mut record = clean_record();
    let mut target = record.targets.remove(0);
    let answer = target.outcomes[0].clone();
    let failure =
        ShimFailure { verdict: Verdict::Hang, what: "no answer".into(), stderr: String::new() };
    target.outcomes[0] = Outcome::Varies(vec![answer, Outcome::Failure(failure), Outcome::NotRun]);
    let cases: Vec<_> = record.cases.iter().collect();
    let target = target.judged(&[Profile::Rfc6265], &cases);
    let record = Record::new(&cases, vec![target], Vec::new(), Exit::Differs);
    let back = read(&render(&record)).unwrap();
    assert_eq!(back.targets[0].outcomes, record.targets[0].outcomes);
}

#[test]
fn an_interrupted_run_is_marked_in_every_report_and_is_no_complete_one() {
    let mut record = clean_record();
    let mut target = record.targets.remove(0);
    target.outcomes[0] = Outcome::NotRun;
    let cases: Vec<_> = record.cases.iter().collect();
    let target = target.judged(&[Profile::Rfc6265], &cases);
    let record = Record::new(&cases, vec![target], Vec::new(), Exit::Terminated);
    let of = record.targets.len() * record.cases.len();
    let marked = format!("incomplete: interrupted after {} of {of} cases", of - 1);
    for kind in Kind::ALL {
        let output: Output = kind.name().parse().unwrap();
        let text = output.render(&record, Terminal::default());
        let expected = if kind == Kind::Badge { ", incomplete" } else { &marked };
        assert!(text.contains(expected), "{}", kind.name());
        let text = output.render(&clean_record(), Terminal::default());
        assert!(!text.contains("incomplete"), "{}", kind.name());
    }
    let text = render(&record);
    assert!(error(&text).contains(&marked), "{}", error(&text));
    let back = read_even_if_interrupted(&text).unwrap();
    assert_eq!((back.exit, back.interruption()), (record.exit, record.interruption()));
    assert_eq!(render(&back), text);
    // It cannot be made complete by leaving out what says so.
    let changed = text.replace(&format!(",\"incomplete\":\"{marked}\""), "");
    assert!(changed != text && read_even_if_interrupted(&changed).is_err());
    let changed = changed.replace("\"exit\":143", "\"exit\":0");
    assert!(error(&changed).contains("did not run all cases"), "{}", error(&changed));
}

#[test]
fn nothing_but_printable_ascii_is_written() {
    assert!(render(&record()).bytes().all(|octet| matches!(octet, b'\n' | b' '..=b'~')));
}

#[test]
fn a_file_that_was_cut_short_is_refused_wherever_it_was_cut() {
    let text = render(&record());
    let end = text.trim_end().len();
    for cut in (0..end).filter(|cut| cut % 7 == 0 || text.as_bytes()[*cut] == b'\n') {
        let error = error(&text[..cut]);
        assert!(error.contains("run again"), "{cut}: {error}");
    }
    assert!(read(&text[..end]).is_ok(), "the last line feed does not matter");
    let without_end = &text[..text.trim_end().rfind('\n').unwrap()];
    assert!(error(without_end).ends_with("the file was cut short; run again"));
    assert!(error("").contains("the file is empty"));
}

#[test]
fn a_file_with_other_lines_than_it_counts_is_refused() {
    let text = render(&clean_record());
    let lines: Vec<_> = text.lines().collect();
    let without = |gone: usize| {
        let kept = lines.iter().enumerate().filter(|(at, _)| *at != gone);
        kept.map(|(_, line)| format!("{line}\n")).collect::<String>()
    };
    for (gone, line) in lines.iter().enumerate() {
        assert!(read(&without(gone)).is_err(), "without {line}");
    }
    let last = lines.iter().rposition(|line| line.contains("\"event\":\"result\"")).unwrap();
    let without_last = error(&without(last));
    assert!(without_last.contains("has results for 3 of 4 cases"), "{without_last}");

    let twice = text.replace(lines[last], &format!("{0}\n{0}", lines[last]));
    assert!(error(&twice).contains("twice"), "{}", error(&twice));
    let miscounted = text.replace("\"results\":4", "\"results\":5");
    assert!(error(&miscounted).contains("the end counts"), "{}", error(&miscounted));
    let tampered = text.replace("comes back", "stays away");
    assert!(error(&tampered).contains("not those of the header"), "{}", error(&tampered));
    let prettier = text.replace("\"verdict\":\"fail\"", "\"verdict\":\"pass\"");
    assert_eq!(prettier, text, "the clean record has no failure");
    let worse = text.replacen("\"verdict\":\"pass\",", "\"verdict\":\"fail\",", 1);
    let worse = worse.replacen("\"verdict\":\"pass\"}}", "\"verdict\":\"fail\"}}", 1);
    assert_ne!(worse, text);
    assert!(error(&worse).contains("the end counts"), "{}", error(&worse));
}

#[test]
fn what_is_no_event_file_is_told_so() {
    assert!(error("hello").contains("line 1: this is not a complete event"));
    let text = render(&clean_record());
    let (header, rest) = text.split_once('\n').unwrap();
    assert!(error(rest).contains("line 1: the first line is not a header"));
    assert!(error(&format!("{header}\n{text}")).contains("a second header"));
    assert!(error(&format!("{text}{header}")).contains("more after the end"));
    let newer = text.replace("cookiespec-events/1", "cookiespec-events/2\\u001b");
    let error = error(&newer);
    assert!(error.contains(r#"the format is "cookiespec-events/2\u{1b}", not"#), "{error}");
}

/// Each change is in one place, and what it changes does not follow from the rest.
#[test]
fn what_does_not_follow_from_the_results_is_refused() {
    let text = render(&record());
    let changed = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        error(&text.replacen(from, to, 1))
    };
    let exit = changed("\"exit\":3}", "\"exit\":0}");
    assert!(exit.contains("its exit code is 0, and its results are those of 3"), "{exit}");
    let profiles = r#""profiles":["rfc6265","rfc6265bis"],"targets""#;
    let other = changed(profiles, r#""profiles":["rfc6265"],"targets""#);
    assert!(other.contains("its header has other profiles: rfc6265: the file"), "{other}");
    let profile =
        changed(r#""judged":{"rfc6265":"#, r#""judged":{"x\u001b":{"verdict":"pass"},"rfc6265":"#);
    assert!(profile.contains(r"under x\u{1b}, under which it was not judged"), "{profile}");

    let text = render(&clean_record());
    assert!(error(&text.replace("\"exit\":0}", "\"exit\":1}")).contains("those of 0"));
    // The end counts the verdicts of cases; those of checks are in the line alone.
    let check = text.replacen(
        r#""checks":[{"level":"must","verdict":"pass""#,
        r#""checks":[{"level":"must","verdict":"fail""#,
        1,
    );
    assert_ne!(check, text);
    assert!(error(&check).contains("which does not follow from the rest of the line"));
}

#[test]
fn the_exit_code_of_a_comparison_is_kept() {
    let mut record = clean_record();
    record.targets[0].baseline = Some(Exit::Differs);
    record.exit = Exit::Differs;
    let text = render(&record);
    assert_eq!(read(&text).unwrap().targets[0].baseline, Some(Exit::Differs));
    assert!(error(&text.replace("\"exit\":1}", "\"exit\":0}")).contains("those of 1"));
    // A file of version 0.1.0 does not have it, and what a baseline expects may be all that is wrong.
    record.targets[0].baseline = None;
    record.targets[0].results[0].expected = vec![true; record.cases.len()];
    assert!(read(&render(&record)).is_ok());
    record.targets[0].results[0].expected.clear();
    assert!(error(&render(&record)).contains("those of 0"));
}

#[test]
fn what_is_left_of_an_oversized_result_comes_back() {
    let suite = support::suite();
    let cases: Vec<_> = suite.cases().iter().collect();
    let mut record = clean_record();
    let flood = Answer::Ok(serde_json::json!({"cookie": null, "more": "\u{1b}".repeat(1 << 20)}));
    let mut target = record.targets.remove(0);
    let about = target.handshake.as_ref().unwrap().about();
    let mut budget = Budget::default();
    let large = Answer::Ok(serde_json::json!("x".repeat(15 << 20)));
    let kept = Outcome::Answer(large.clone()).bounded(cases[0], &about, &mut budget);
    assert_eq!(kept, Outcome::Answer(large), "there is space for one");
    for (outcome, case) in target.outcomes.iter_mut().zip(&cases) {
        *outcome = Outcome::Answer(flood.clone()).bounded(case, &about, &mut budget);
        assert!(matches!(outcome, Outcome::Oversized(_)));
    }
    let target = target.judged(&[Profile::Rfc6265], &cases);
    let exit = target.exit();
    let record = Record::new(&cases, vec![target], Vec::new(), exit);
    let text = render(&record);
    assert!(text.len() < 50_000, "{}", text.len());
    let back = read(&text).unwrap();
    assert_eq!(back.targets[0].outcomes, record.targets[0].outcomes);
    assert_eq!(back.targets[0].fingerprint, record.targets[0].fingerprint);
    assert_eq!(render(&back), text);
    for kind in Kind::ALL {
        let output: Output = kind.name().parse().unwrap();
        let [again, first] = [&back, &record].map(|it| output.render(it, Terminal::default()));
        assert_eq!(again, first, "{}", kind.name());
    }
}
