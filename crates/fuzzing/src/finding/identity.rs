//! What makes two findings the same: kind and class, the shape of the input, and the id made of
//! them.

use cookiespec_vectors::Operation;
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::octet_fields;
use crate::oracles::difference::{
    COOKIE_TOO_MANY, EXTRA_COOKIE, IGNORED_AS_WRITTEN, NOT_REFUSED, UNGRAMMATICAL,
};
use crate::oracles::relation;

/// The kind of a finding, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The process died.
    Crash,
    /// There was no answer within the time limit.
    Hang,
    /// The implementation failed in a way that it does not document as a rejection.
    Error,
    /// A property is violated that holds without a reference: a leak, an injection, a lost
    /// neighbour.
    Property,
    /// The processor time grows faster than the input.
    Cost,
    /// The memory grows without bound.
    Memory,
    /// The answer contradicts the specification.
    Divergence,
    /// The specification leaves the matter open, and the subjects do not agree.
    Disagreement,
}

impl Kind {
    /// The name in finding files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crash => "crash",
            Self::Hang => "hang",
            Self::Error => "error",
            Self::Property => "property",
            Self::Cost => "cost",
            Self::Memory => "memory",
            Self::Divergence => "divergence",
            Self::Disagreement => "disagreement",
        }
    }

    /// The number in fingerprints. It is part of finding ids and must not change.
    const fn code(self) -> u64 {
        match self {
            Self::Crash => 0,
            Self::Hang => 1,
            Self::Error => 2,
            Self::Property => 3,
            Self::Cost => 4,
            Self::Memory => 5,
            Self::Divergence => 6,
            Self::Disagreement => 7,
        }
    }
}

/// The class of a divergence. Divergences of one subject with equal classes are taken for the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Class {
    pub(crate) kind: Kind,
    pub(crate) operation: &'static str,
    pub(crate) field: String,
    pub(crate) difference: String,
}

impl Class {
    /// Adds the class to a fingerprint.
    pub(crate) fn add_to(&self, fingerprint: Fingerprint) -> Fingerprint {
        fingerprint
            .number(self.kind.code())
            .text(self.operation)
            .text(&self.field)
            .text(&self.difference)
    }

    /// Whether this is the class that a finding file names, which may use names of earlier versions.
    pub(crate) fn is_named_by(&self, file: &Self) -> bool {
        self.kind == file.kind
            && self.operation == file.operation
            && self.has_field_of(file)
            && self.has_difference_of(file)
    }

    /// The field of what is written unchecked was "set_cookie", and that of a changed name or value
    /// "pair".
    fn has_field_of(&self, file: &Self) -> bool {
        let is_unchecked =
            || self.kind == Kind::Property || WRITTEN.contains(&&self.difference[..]);
        let is_older = match &file.field[..] {
            "set_cookie" => is_unchecked(),
            "pair" => matches!(&self.field[..], "name" | "value"),
            _ => false,
        };
        self.field == file.field || self.operation == "format.set-cookie" && is_older
    }

    /// The relation between the parts of a changed pair was that between the pairs; a cookie that
    /// was deleted, or is not for scripts, was one too many; what user agents ignore was told by the
    /// grammar; and an absent Domain was an empty one.
    fn has_difference_of(&self, file: &Self) -> bool {
        let names = [&self.difference[..], &file.difference[..]];
        let [now, then] = names;
        now == then
            || file.field == "pair" && names.iter().all(|name| relation::NAMES.contains(name))
            || then == COOKIE_TOO_MANY && EXTRA_COOKIE.contains(&now)
            || names.iter().all(|name| WRITTEN.contains(name))
            || self.field == "domain" && [["lost", "emptied"], ["found", "filled"]].contains(&names)
    }
}

/// The differences in which something is written that should have been refused.
const WRITTEN: [&str; 3] = [IGNORED_AS_WRITTEN, UNGRAMMATICAL, NOT_REFUSED];

/// The id of a finding: subject, kind, and a fingerprint of class, cause, subject and input shape.
pub(crate) fn finding_id(
    class: &Class,
    cause: &str,
    subject: &str,
    operation: &Operation,
) -> String {
    let fingerprint =
        class.add_to(Fingerprint::new()).text(cause).text(subject).text(&shape(operation));
    let subject: String =
        subject.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("{subject}-{}-{:016x}", class.kind.name(), fingerprint.finish())
}

/// The outline of an input: letters and digits are not distinguished, and neither are repetitions.
pub(crate) fn shape(operation: &Operation) -> String {
    let mut shape = String::from(operation.name());
    for field in octet_fields::of(operation) {
        shape.push('|');
        let mut last = None;
        for &octet in field.as_slice() {
            let sort = match octet {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => 'a',
                0x80.. => '\u{80}',
                0x0a | 0x0d => '\r',
                0..=0x1f | 0x7f => '\u{1}',
                _ => char::from(octet),
            };
            if last != Some(sort) {
                shape.push(sort);
            }
            last = Some(sort);
        }
    }
    if let Operation::Jar(program) = operation {
        shape.push_str(&program.steps.len().to_string());
    }
    shape
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use serde_json::{Value, json};

    use super::*;
    use crate::finding::files::read_finding;

    fn id(kind: Kind, subject: &str, class: [&str; 3], operation: Value) -> String {
        let operation: Operation = serde_json::from_value(operation).unwrap();
        let [field, difference, cause] = class.map(str::to_owned);
        let class = Class { kind, operation: operation.name(), field, difference };
        finding_id(&class, &cause, subject, &operation)
    }

    #[test]
    fn the_id_of_a_finding_is_the_same_in_every_release() {
        assert_eq!(
            id(
                Kind::Divergence,
                "python:tornado",
                ["value", "too long", "4.2.2/"],
                json!({ "op": "parse.cookie", "in": { "cookie": ["a=a", "n="] } }),
            ),
            "python-tornado-divergence-18f54b686ee1eded"
        );
        assert_eq!(
            id(
                Kind::Divergence,
                "python:http.cookies",
                ["http_only", "not set", "HttpOnlyAppended"],
                json!({ "op": "parse.set-cookie", "in": { "set_cookie": "a=;;HTtPonLY" } }),
            ),
            "python-http-cookies-divergence-7f92a6d60e73be84"
        );
        let steps = json!([
            { "do": "receive", "uri": "https://localhost.", "set_cookie": ["a=;HtTpONly"] },
            { "do": "send", "at": "1", "uri": "https://localhost" },
        ]);
        assert_eq!(
            id(
                Kind::Property,
                "go:cookiejar",
                ["header", "sent to a foreign host", "HttpOnlyAppended"],
                json!({ "op": "jar", "in": { "now": 1_767_571_200, "steps": steps } }),
            ),
            "go-cookiejar-property-d0978ae256f4845b"
        );
    }

    #[test]
    fn the_findings_of_the_corpus_keep_their_ids() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/findings");
        let mut files = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let finding = read_finding(&entry.unwrap().path()).unwrap();
            let class = finding.class();
            // The field of an injection was always "set_cookie" when the oldest ids were made.
            let older = Class { field: "set_cookie".to_owned(), ..class.clone() };
            let ids = [class, older]
                .map(|it| finding_id(&it, finding.cause(), &finding.target, &finding.operation));
            assert!(ids.contains(&finding.id), "{}: {ids:?}", finding.id);
            files += 1;
        }
        assert!(files > 0);
    }
}
