//! A descriptor to begin with: what can be seen of an application, and questions for the rest.

mod form;

use std::collections::BTreeMap;

use cookiespec_wire::{Bounds, Client, Request, Trust};

pub use self::form::LoginForm;
use crate::examination::{ProbeError, admit};
use crate::origin::Origin;
use crate::trouble::Trouble;

/// What can be seen of an application without being told anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// `http://host:port`.
    pub origin: String,
    /// The page that was asked for.
    pub page: String,
    /// Where one logs in, if a form with a password was found.
    pub login: Option<LoginForm>,
}

/// Something that cannot be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What the answer is filed under.
    pub key: &'static str,
    /// What to ask.
    pub text: &'static str,
    /// The answer of somebody who says nothing.
    pub usual: String,
}

/// Looks at an application, and for its login form, with a few GET requests.
///
/// # Errors
/// [`ProbeError`]: it is no URL of an application that may be probed, or there is no answer.
pub fn look(url: &str, allowed_hosts: &[String], bounds: Bounds) -> Result<Sight, ProbeError> {
    let (origin, page) = split(url);
    let origin = Origin::parse(&origin).map_err(|error| ProbeError::Usage(error.to_string()))?;
    admit(&origin, allowed_hosts, bounds)?;
    let client = Client::new(origin.scheme, &origin.host, origin.port, &Trust::System, bounds);
    let client = client.map_err(|error| Trouble::wire(origin.to_string(), &error))?;
    let mut login = None;
    let mut paths = vec![page.clone()];
    paths.extend(USUAL_PATHS.map(str::to_owned));
    let mut asked = 0;
    while asked < paths.len().min(MOST_PAGES) && login.is_none() {
        let path = paths[asked].clone();
        asked += 1;
        let response = match client.send(&Request::new("GET", &path)) {
            Ok(response) => response,
            // Whether the application answers at all, the page that was named tells.
            Err(error) if asked == 1 => {
                return Err(Trouble::wire(format!("GET {origin}{path}"), &error).into());
            }
            Err(_) => continue,
        };
        let location = response.first("location").and_then(|it| std::str::from_utf8(it).ok());
        let elsewhere = location.and_then(|it| it.strip_prefix(&origin.to_string()).or(Some(it)));
        paths.extend(elsewhere.filter(|it| it.starts_with('/')).map(str::to_owned));
        login = LoginForm::find(&String::from_utf8_lossy(&response.body), &path);
    }
    Ok(Sight { origin: origin.to_string(), page, login })
}

/// The origin of a URL, and its path.
fn split(url: &str) -> (String, String) {
    let start = url.find("://").map_or(0, |at| at + 3);
    match url[start..].find('/') {
        Some(at) => (url[..start + at].to_owned(), url[start + at..].to_owned()),
        None => (url.to_owned(), "/".to_owned()),
    }
}

impl Sight {
    /// What is left to ask.
    pub fn questions(&self) -> Vec<Question> {
        let ask = |key, text, usual: &str| Question { key, text, usual: usual.to_owned() };
        let mut questions = Vec::new();
        if self.login.is_none() {
            questions.push(ask("login", "The path that a login is sent to", "/login"));
            questions.push(ask("user field", "The form field with the user's name", "username"));
            questions.push(ask("password field", "The form field with the password", "password"));
        }
        questions.push(ask("logout", "The path that a logout is sent to", "/logout"));
        questions.push(ask("whoami", "The path of a page that says who is logged in", &self.page));
        questions.push(ask(
            "before",
            "The words on that page right before the user's name, as its source has them",
            "Signed in as ",
        ));
        questions.push(ask("user", "The name of a user to log in with", "alice"));
        questions.push(ask("password", "That user's password", ""));
        questions.push(ask("user 2", "A second user, for what one must not see of another", ""));
        questions.push(ask("password 2", "That user's password", ""));
        questions
    }

    /// The descriptor that the answers make, by the keys of the questions.
    pub fn descriptor(&self, answers: &BTreeMap<&str, String>) -> String {
        let answer = |key: &str| answers.get(key).map_or("", String::as_str);
        let form = self.login.clone().unwrap_or_else(|| LoginForm {
            path: answer("login").to_owned(),
            user: answer("user field").to_owned(),
            password: answer("password field").to_owned(),
            page: answer("login").to_owned(),
            token: None,
        });
        let capture = format!("{}([^<\"\\s]+)", regex::escape(answer("before")));
        let account = |user: &str, password: &str| {
            let (user, password) = (quoted(answer(user)), quoted(answer(password)));
            format!("{{ user = {user}, password = {password} }}")
        };
        let mut accounts = vec![account("user", "password")];
        if !answer("user 2").is_empty() {
            accounts.push(account("user 2", "password 2"));
        }
        let mut text = format!(
            "# What `cookiespec probe` is told about the application. docs/probe.md has every key.\n\
             origin   = {}\n\
             login    = {{ path = {}, form = {{ {} = \"{{user}}\", {} = \"{{password}}\" }} }}\n\
             logout   = {{ path = {} }}\n\
             whoami   = {{ path = {}, capture = {} }}\n\
             accounts = [{}]\n",
            quoted(&self.origin),
            quoted(&form.path),
            quoted(&form.user),
            quoted(&form.password),
            quoted(answer("logout")),
            quoted(answer("whoami")),
            quoted(&capture),
            accounts.join(", "),
        );
        if let Some(token) = &form.token {
            let capture = format!("name=\"{}\"[^>]*value=\"([^\"]+)\"", regex::escape(token));
            text.push_str(&format!(
                "\n# The hidden field of the login form.\n\
                 csrf = {{ page = {}, capture = {}, field = {} }}\n",
                quoted(&form.page),
                quoted(&capture),
                quoted(token),
            ));
        }
        text.push_str(MORE);
        text
    }
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

/// Where many applications have their login.
const USUAL_PATHS: [&str; 6] =
    ["/login", "/signin", "/sign-in", "/accounts/login/", "/users/sign_in", "/auth/login"];
/// The most pages that are looked at.
const MOST_PAGES: usize = 12;
/// What unlocks more checks.
const MORE: &str = r#"
# Each of these unlocks more checks; take the number sign away and correct them.
# public = { path = "/about" }
# [state]
# set = { path = "/cart", form = { item = "{key}", count = "{value}" } }
# get = { path = "/cart?item={key}", capture = 'count: (\w+)' }
# [process]
# start = ["./server", "--port", "{port}", "--idle", "{ttl}"]   # with origin = "http://127.0.0.1:{port}"
# [policy]
# idle = 1800
# absolute = 43200
"#;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::Descriptor;

    fn answers() -> BTreeMap<&'static str, String> {
        let pairs = [
            ("login", "/in"),
            ("user field", "u\"ser"),
            ("password field", "pass"),
            ("logout", "/out"),
            ("whoami", "/me"),
            ("before", "Hello (you), "),
            ("user", "alice"),
            ("password", "won\\der\"land"),
            ("user 2", "bob"),
            ("password 2", "builder"),
        ];
        pairs.map(|(key, answer)| (key, answer.to_owned())).into()
    }

    #[test]
    fn what_is_asked_and_answered_is_a_descriptor() {
        let sight =
            Sight { origin: "http://127.0.0.1:80".to_owned(), page: "/".to_owned(), login: None };
        let keys: Vec<_> = sight.questions().into_iter().map(|question| question.key).collect();
        assert!(answers().keys().all(|key| keys.contains(key)), "{keys:?}");
        let descriptor = Descriptor::read(&sight.descriptor(&answers()), Path::new(".")).unwrap();
        assert_eq!(descriptor.login.path, "/in");
        assert_eq!(descriptor.accounts[0].password, "won\\der\"land");
        let found = descriptor.whoami.find("<b>Hello (you), alice</b>");
        assert_eq!(found.as_deref(), Some("alice"));
    }

    #[test]
    fn what_is_seen_is_not_asked() {
        let page = "<form action=/go method=post><input name=a type=password></form>";
        assert_eq!(LoginForm::find(page, "/login"), None, "there is no field for the name");
        let page = "<form action='/go' method='POST'><input type=hidden name='t' value='1'>\
            <input name=\"mail\"><input type=\"password\" name=\"word\"></form>";
        let login = LoginForm::find(page, "/login");
        assert_eq!(login.as_ref().unwrap().token.as_deref(), Some("t"));
        let sight = Sight { origin: "http://127.0.0.1".to_owned(), page: "/".to_owned(), login };
        assert!(sight.questions().iter().all(|question| question.key != "login"));
        let descriptor = Descriptor::read(&sight.descriptor(&answers()), Path::new(".")).unwrap();
        assert_eq!(descriptor.login.path, "/go");
        assert_eq!(descriptor.csrf.unwrap().page, "/login");
    }

    #[test]
    fn a_url_is_an_origin_and_a_path() {
        let pair = |url| split(url);
        assert_eq!(pair("http://h:1/a?b"), ("http://h:1".to_owned(), "/a?b".to_owned()));
        assert_eq!(pair("http://h"), ("http://h".to_owned(), "/".to_owned()));
    }
}
