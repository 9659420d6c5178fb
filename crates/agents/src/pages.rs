//! The pages that browsers are answered with, where a redirect does not do.
//!
//! A page reports when what it does is done: the request that it makes has been answered and the
//! browser has dealt with the cookies of the response, or its script has read or written them.

use crate::walk::{Hop, Means, Page};

/// What ends a navigation without a page. Without an icon of its own, a document makes browsers
/// request `/favicon.ico`.
pub(crate) const LAST: &str =
    "<!DOCTYPE html><link rel=icon href=data:,><title>cookiespec</title>\n";

/// The path of a page, on every host, that belongs to no navigation and does nothing.
pub(crate) const NONE: &str = "/cookiespec-none";

/// The HTML of a page. `next` is the hop that it leads to, and `report` the URI reference to which
/// its script posts what it read, or nothing once it is done.
pub(crate) fn html(page: &Page, next: Option<&Hop>, report: &str) -> String {
    let script = match page {
        Page::Assign(value) => format!("document.cookie = {}; report('');", script_string(value)),
        Page::Read(_) => "report(document.cookie);".to_owned(),
        Page::Request(means) => next.map(|hop| request(*means, hop)).unwrap_or_default(),
        Page::End => "report('');".to_owned(),
    };
    let report = script_string(report);
    format!(
        "{LAST}<body><script>\
         const report = (text) => fetch({report}, {{method: 'POST', body: text}});\
         const add = (name) => document.body.appendChild(document.createElement(name));\
         {script}</script>\n"
    )
}

/// The script that makes the request of a hop. The page that a link, a form or a frame leads to
/// reports by itself.
fn request(means: Means, hop: &Hop) -> String {
    let method = hop.method.as_deref().unwrap_or("GET");
    let (uri, method) = (script_string(&hop.location.uri), script_string(method));
    match means {
        Means::Link => format!("const link = add('a'); link.href = {uri}; link.click();"),
        Means::Form => format!(
            "const form = add('form'); form.action = {uri}; form.method = 'POST'; form.submit();"
        ),
        Means::Frame => format!("add('iframe').src = {uri};"),
        // What it is answered with is no image.
        Means::Image => format!(
            "const image = add('img'); image.onload = image.onerror = () => report('');\
             image.src = {uri};"
        ),
        Means::Fetch => format!(
            "fetch({uri}, {{method: {method}, credentials: 'include', mode: 'no-cors'}})\
             .finally(() => report(''));"
        ),
    }
}

/// A string literal of a script inside HTML.
fn script_string(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_case_says_is_neither_markup_nor_script() {
        let page = Page::Assign("a=\"</script><b>'".to_owned());
        let html = html(&page, None, "/r");
        assert!(html.contains(r#"document.cookie = "a=\"\u003c/script>\u003cb>'";"#), "{html}");
        assert!(html.contains("fetch(\"/r\""), "{html}");
    }
}
