//! What every HTML page of ours has in common: it is one file, and fetches nothing.

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// What a page may do: be styled and run scripts, if both are inside it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      base-uri 'none'; form-action 'none'";

/// A complete page with this title, style sheet and content of its `body`. The title is escaped as
/// markup only.
pub fn page(title: &str, style: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { (title) }
                style { (PreEscaped(style)) }
            }
            body { (body) }
        }
    };
    format!("{}\n", page.into_string())
}
