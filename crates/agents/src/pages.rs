//! The pages that browsers are answered with, where a redirect does not do.

use crate::walk::{Hop, Means, Page};

/// The HTML of a page. `next` is the hop that it leads to, and `report` the URI reference to which
/// its script posts what it read, or nothing once it is done.
pub(crate) fn html(page: &Page, next: Option<&Hop>, report: &str) -> String {
    let report = script_string(report);
    let script = match page {
        Page::Assign(value) => {
            let value = script_string(value);
            format!("document.cookie = {value}; fetch({report}, {{method: 'POST', body: ''}});")
        }
        Page::Read(_) => format!("fetch({report}, {{method: 'POST', body: document.cookie}});"),
        Page::Request(means) => next.map(|hop| request(*means, hop)).unwrap_or_default(),
    };
    format!("<!DOCTYPE html><title>cookiespec</title><body><script>{script}</script>")
}

/// The script that makes a request.
fn request(means: Means, hop: &Hop) -> String {
    let (uri, method) = (script_string(&hop.location.uri), script_string(&hop.method));
    match means {
        Means::Link => format!(
            "const link = document.createElement('a'); link.href = {uri}; \
             document.body.append(link); link.click();"
        ),
        Means::Form => format!(
            "const form = document.createElement('form'); form.action = {uri}; \
             form.method = 'POST'; document.body.append(form); form.submit();"
        ),
        Means::Image => format!("new Image().src = {uri};"),
        Means::Fetch => {
            format!("fetch({uri}, {{method: {method}, credentials: 'include', mode: 'no-cors'}});")
        }
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
    }
}
