//! A comparison as text.

use std::fmt::{self, Display};

use cookiespec_report::{Escaped, Style};

use super::{Comparison, Cookie, Difference, Step};

/// The text of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The comparison.
    pub comparison: &'a Comparison,
    /// The colours of the terminal.
    pub style: Style,
}

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Comparison { application, origin, browser, steps, differences, .. } = self.comparison;
        let head = format!("{} beside the reference engine", Escaped(browser));
        writeln!(f, "{}", self.style.bold(head))?;
        writeln!(f, "{} at {}\n", Escaped(application), Escaped(origin))?;
        for step in steps {
            self.step(f, step)?;
        }
        writeln!(f)?;
        for difference in differences {
            self.difference(f, difference)?;
        }
        self.remarks(f)?;
        let requests: usize = steps.iter().map(|step| step.requests).sum();
        let set_cookies: usize = steps.iter().map(|step| step.set_cookies).sum();
        let count = differences.len();
        let differences = if count == 1 { "difference" } else { "differences" };
        writeln!(
            f,
            "{count} {differences} in {requests} requests and {set_cookies} Set-Cookie fields"
        )
    }
}

impl Text<'_> {
    fn step(&self, f: &mut fmt::Formatter<'_>, step: &Step) -> fmt::Result {
        let Step { what, requests, set_cookies, user, left_out } = step;
        let what = Escaped(what).to_string();
        write!(f, "  {what:<22}  ")?;
        if let Some(why) = left_out {
            return writeln!(f, "left out: {}", Escaped(why));
        }
        write!(f, "{requests:3} requests  {set_cookies:2} Set-Cookie")?;
        match user.as_deref() {
            None => writeln!(f),
            Some("") => writeln!(f, "  nobody"),
            Some(user) => writeln!(f, "  {}", Escaped(user)),
        }
    }

    fn difference(&self, f: &mut fmt::Formatter<'_>, difference: &Difference) -> fmt::Result {
        let Difference { step, count, cookie, set_cookie, may_be_script, .. } = difference;
        let Cookie { browser, engine, .. } = cookie;
        writeln!(f, "{} {difference}", self.style.failure("DIFFERS"))?;
        writeln!(f, "  step     {}; {count} requests have it", Escaped(step))?;
        let values = |values: &[String]| match values {
            [] => "not sent".to_owned(),
            values => {
                values.iter().map(|it| Escaped(it).to_string()).collect::<Vec<_>>().join(", ")
            }
        };
        writeln!(f, "  browser  {}", values(browser))?;
        writeln!(f, "  engine   {}", values(engine))?;
        match set_cookie {
            Some((line, outcome)) => {
                writeln!(f, "  from     Set-Cookie: {}", Escaped(line))?;
                writeln!(f, "           which the engine {}", Escaped(outcome))?;
            }
            None => writeln!(f, "  from     no response with this name")?,
        }
        if *may_be_script {
            writeln!(f, "  or       a script of the application changed it: it is not HttpOnly")?;
        }
        writeln!(f)
    }

    fn remarks(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Comparison { set_by_scripts, elsewhere, .. } = self.comparison;
        let list = |items: &[String]| {
            items.iter().map(|it| Escaped(it).to_string()).collect::<Vec<_>>().join(", ")
        };
        if !set_by_scripts.is_empty() {
            writeln!(f, "Not compared, set by scripts: {}", list(set_by_scripts))?;
        }
        if !elsewhere.is_empty() {
            writeln!(f, "Answered with 404, since of other origins: {}", list(elsewhere))?;
        }
        Ok(())
    }
}
