//! A first descriptor: what can be discovered of an application, and prompts for the rest.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cookiespec_wire::{Bounds, Request, Trust};
use regex::Regex;

use crate::error::{ProbeError, SetupError};
use crate::origin::Origin;
use crate::site::Admitted;

/// What can be discovered of an application without a descriptor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// `http://host:port`.
    pub origin: String,
    /// The page that was requested.
    pub page: String,
    /// The login form, if one was found.
    pub login: Option<LoginForm>,
}

/// A value that cannot be discovered, and has to be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// The key of the answer.
    pub key: &'static str,
    /// The text of the prompt.
    pub text: &'static str,
    /// The answer if nothing is entered.
    pub default: String,
}

/// Searches an application for its login form with a few GET requests.
///
/// # Errors
/// [`SetupError`] if the URL is not that of an application that may be probed, or there is no
/// response.
pub fn discover(
    url: &str,
    allowed_hosts: &[String],
    bounds: Bounds,
) -> Result<Discovery, SetupError> {
    let (origin, page) = split(url);
    let origin = Origin::parse(&origin).map_err(|error| SetupError::Usage(error.to_string()))?;
    let admitted = Admitted::new(origin.clone(), allowed_hosts)?;
    let client = admitted.client(&Trust::System, bounds)?;
    let mut login = None;
    let mut paths = vec![page.clone()];
    paths.extend(LOGIN_PATHS.map(str::to_owned));
    let mut requested = 0;
    while requested < paths.len().min(MOST_PAGES) && login.is_none() {
        let path = paths[requested].clone();
        requested += 1;
        let response = match client.send(&Request::new("GET", &path)) {
            Ok(response) => response,
            // The page in the URL has to exist; the others are guesses.
            Err(error) if requested == 1 => {
                return Err(ProbeError::wire(format!("GET {origin}{path}"), &error).into());
            }
            Err(_) => continue,
        };
        let location = response.first("location").and_then(|it| std::str::from_utf8(it).ok());
        let elsewhere = location.and_then(|it| it.strip_prefix(&origin.to_string()).or(Some(it)));
        let is_path = |it: &&str| it.starts_with('/') && it.len() <= LONGEST_VALUE;
        paths.extend(elsewhere.filter(is_path).map(str::to_owned));
        login = LoginForm::find(&String::from_utf8_lossy(&response.body), &path);
    }
    Ok(Discovery { origin: origin.to_string(), page, login })
}

/// The origin of a URL, and its path.
fn split(url: &str) -> (String, String) {
    let start = url.find("://").map_or(0, |at| at + 3);
    match url[start..].find('/') {
        Some(at) => (url[..start + at].to_owned(), url[start + at..].to_owned()),
        None => (url.to_owned(), "/".to_owned()),
    }
}

impl Discovery {
    /// The values that have to be entered.
    pub fn prompts(&self) -> Vec<Prompt> {
        let prompt = |key, text, default: &str| Prompt { key, text, default: default.to_owned() };
        let mut prompts = Vec::new();
        if self.login.is_none() {
            prompts.push(prompt("login", "The path that a login is sent to", "/login"));
            prompts.push(prompt("user field", "The form field with the user's name", "username"));
            prompts.push(prompt("password field", "The form field with the password", "password"));
        }
        prompts.push(prompt("logout", "The path that a logout is sent to", "/logout"));
        prompts.push(prompt(
            "whoami",
            "The path of a page that shows who is logged in",
            &self.page,
        ));
        prompts.push(prompt(
            "before",
            "The text right before the user's name in the source of that page",
            "Signed in as ",
        ));
        prompts.push(prompt("user", "The name of a user to log in with", "alice"));
        prompts.push(prompt("password", "That user's password", ""));
        prompts.push(prompt("user 2", "A second user, for the checks between users", ""));
        prompts.push(prompt("password 2", "That user's password", ""));
        prompts
    }

    /// The descriptor with these answers, by the keys of the prompts.
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
            "# A descriptor for `cookiespec probe`. docs/probe.md describes all keys.\n\
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

/// A TOML string.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

/// A form with a name and a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginForm {
    /// The path that it is sent to.
    pub path: String,
    /// The field with the name.
    pub user: String,
    /// The field with the password.
    pub password: String,
    /// The page that contains it.
    pub page: String,
    /// A hidden field, which may be a CSRF token.
    pub token: Option<String>,
}

impl LoginForm {
    /// The first login form in the HTML of the page with this path.
    pub fn find(html: &str, page: &str) -> Option<Self> {
        FORM.captures_iter(html).find_map(|form| Self::read(&form[1], &form[2], page))
    }

    fn read(attributes: &str, content: &str, page: &str) -> Option<Self> {
        let mut form = Self {
            path: attribute(attributes, "action").unwrap_or_else(|| page.to_owned()),
            user: String::new(),
            password: String::new(),
            page: page.to_owned(),
            token: None,
        };
        for input in INPUT.captures_iter(content) {
            let Some(name) = attribute(&input[1], "name") else { continue };
            match &*attribute(&input[1], "type").unwrap_or_default().to_ascii_lowercase() {
                "password" => form.password = name,
                "hidden" => form.token = Some(name),
                "" | "text" | "email" if form.user.is_empty() => form.user = name,
                _ => {}
            }
        }
        let is_complete = !form.user.is_empty() && !form.password.is_empty();
        (is_complete && form.path.starts_with('/')).then_some(form)
    }
}

/// The value of an attribute in a start tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let found = ATTRIBUTE.captures_iter(tag).find(|it| it[1].eq_ignore_ascii_case(name))?;
    let value = found.get(2).or(found.get(3)).or(found.get(4))?.as_str();
    (value.len() <= LONGEST_VALUE).then(|| value.to_owned())
}

/// Common paths of login pages.
const LOGIN_PATHS: [&str; 6] =
    ["/login", "/signin", "/sign-in", "/accounts/login/", "/users/sign_in", "/auth/login"];
/// The longest path or value of an attribute that is taken into a descriptor, in octets.
const LONGEST_VALUE: usize = 400;
/// The most pages that are requested.
const MOST_PAGES: usize = 12;
/// Keys that enable more checks, as comments.
const MORE: &str = r#"
# Each of these enables more checks; remove the number sign and correct them.
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

static FORM: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?is)<form\b([^>]*)>(.*?)</form>"));
static INPUT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?is)<input\b([^>]*)>"));
static ATTRIBUTE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"([A-Za-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#));

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns are fixed")
}

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
        let discovery = Discovery {
            origin: "http://127.0.0.1:80".to_owned(),
            page: "/".to_owned(),
            login: None,
        };
        let keys: Vec<_> = discovery.prompts().into_iter().map(|prompt| prompt.key).collect();
        assert!(answers().keys().all(|key| keys.contains(key)), "{keys:?}");
        let descriptor =
            Descriptor::read(&discovery.descriptor(&answers()), Path::new(".")).unwrap();
        assert_eq!(descriptor.login.path, "/in");
        assert_eq!(descriptor.accounts[0].password, "won\\der\"land");
        let found = descriptor.whoami.find("<b>Hello (you), alice</b>");
        assert_eq!(found.as_deref(), Some("alice"));
    }

    #[test]
    fn what_is_seen_is_not_asked() {
        let page = "<form action=/go method=post><input name=a type=password></form>";
        assert_eq!(LoginForm::find(page, "/login"), None, "there is no field for the name");
        let long = format!("<form action='/{}'><input name=a>", "x".repeat(1 << 16));
        let page = format!("{long}<input name=b type=password></form>");
        assert_eq!(LoginForm::find(&page, "/login").unwrap().path, "/login", "it is not taken");
        let page = "<form action='/go' method='POST'><input type=hidden name='t' value='1'>\
            <input name=\"mail\"><input type=\"password\" name=\"word\"></form>";
        let login = LoginForm::find(page, "/login");
        assert_eq!(login.as_ref().unwrap().token.as_deref(), Some("t"));
        let discovery =
            Discovery { origin: "http://127.0.0.1".to_owned(), page: "/".to_owned(), login };
        assert!(discovery.prompts().iter().all(|prompt| prompt.key != "login"));
        let descriptor =
            Descriptor::read(&discovery.descriptor(&answers()), Path::new(".")).unwrap();
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
