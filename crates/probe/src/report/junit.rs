//! Results as JUnit XML, for the servers that collect it. What the profile demands and the
//! application does not do is a failure; what could not be outcome is an error; what does not
//! apply is skipped and says why.

use std::fmt::{self, Write};

use cookiespec_report::XmlText;

use crate::profile::Profile;
use crate::run::{CheckReport, ProbeRun};
use crate::verdict::Verdict;

/// The document.
pub fn render(run: &ProbeRun, profile: Profile) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string cannot fail.
    let _ = suite(&mut text, run, profile);
    text
}

fn suite(text: &mut String, run: &ProbeRun, profile: Profile) -> fmt::Result {
    let results = &run.results;
    let count = |is_one: &dyn Fn(&&CheckReport) -> bool| results.iter().filter(is_one).count();
    let numbers = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\"",
        results.len(),
        count(&|result| result.is_failure() && profile.requires(result.check)),
        count(&|result| result.outcome.is_err()),
    );
    writeln!(text, "<testsuites name=\"cookiespec probe\" {numbers}>")?;
    let skipped = count(&|result| matches!(result.outcome, Ok(Verdict::NotApplicable(_))));
    let seconds = run.took.as_secs_f64();
    let name = XmlText(&run.name);
    writeln!(
        text,
        "  <testsuite name=\"{name}\" {numbers} skipped=\"{skipped}\" time=\"{seconds:.1}\">"
    )?;
    for result in results {
        case(text, result, profile)?;
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    Ok(())
}

fn case(text: &mut String, result: &CheckReport, profile: Profile) -> fmt::Result {
    let note = result.note();
    let (id, title, note) = (result.check.id, XmlText(result.check.title), XmlText(&note));
    write!(text, "    <testcase classname=\"{id}\" name=\"{title}\">")?;
    match &result.outcome {
        Err(_) => write!(text, "<error message=\"{note}\"/>")?,
        Ok(Verdict::NotApplicable(_)) => write!(text, "<skipped message=\"{note}\"/>")?,
        Ok(Verdict::Fail(_)) if profile.requires(result.check) => {
            let sources: Vec<_> = result.check.sources.iter().map(ToString::to_string).collect();
            let sources = sources.join(", ");
            write!(text, "<failure message=\"{note}\">{}</failure>", XmlText(&sources))?;
        }
        Ok(_) => write!(text, "<system-out>{}: {note}</system-out>", result.name())?,
    }
    text.push_str("</testcase>\n");
    Ok(())
}
