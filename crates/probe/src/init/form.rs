//! A login form in a page.

use std::sync::LazyLock;

use regex::Regex;

/// A form that asks for a name and a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginForm {
    /// Where it is sent to.
    pub path: String,
    /// The field with the name.
    pub user: String,
    /// The field with the password.
    pub password: String,
    /// The page it is on.
    pub page: String,
    /// A hidden field, which may be a token against cross-site requests.
    pub token: Option<String>,
}

impl LoginForm {
    /// The first such form of a page, whose path is `page`.
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
        let is_whole = !form.user.is_empty() && !form.password.is_empty();
        (is_whole && form.path.starts_with('/')).then_some(form)
    }
}

/// The value of an attribute in a start tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let found = ATTRIBUTE.captures_iter(tag).find(|it| it[1].eq_ignore_ascii_case(name))?;
    let value = found.get(2).or(found.get(3)).or(found.get(4))?;
    Some(value.as_str().to_owned())
}

static FORM: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?is)<form\b([^>]*)>(.*?)</form>"));
static INPUT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?is)<input\b([^>]*)>"));
static ATTRIBUTE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"([A-Za-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#));

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns are fixed")
}
