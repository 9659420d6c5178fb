//! A set-cookie-string, taken apart as a user agent does before it judges any part.

use serde_json::{Map, Value};

use super::{Finding, Matcher, mismatch};
use crate::problem::Field;

impl Matcher<'_> {
    /// Matches a set-cookie-string against patterns for its cookie-name, its cookie-value and some
    /// of its attributes. Attributes that no pattern names do not matter.
    pub(super) fn set_cookie(
        &self,
        patterns: &Map<String, Value>,
        want: &Value,
        got: Option<&Value>,
        field: &Field<'_>,
    ) -> Finding {
        let Some(Value::String(line)) = got else { return mismatch(want, got, field) };
        let parts = Parts::of(line);
        let mut finding = Finding::Match;
        for (member, part) in [("name", parts.name), ("value", parts.value)] {
            if let Some(pattern) = patterns.get(member) {
                let field = field.member(member);
                finding = finding.worse(self.find(pattern, Some(&part.into()), &field));
            }
        }
        let field = field.member("attributes");
        for (name, pattern) in
            patterns.get("attributes").and_then(Value::as_object).into_iter().flatten()
        {
            finding =
                finding.worse(self.attribute(pattern, &parts.values_of(name), &field.member(name)));
        }
        finding
    }

    /// An array is matched against all values of the attribute, any other pattern against each:
    /// user agents do not agree on which of two counts.
    fn attribute(&self, pattern: &Value, values: &[Value], field: &Field<'_>) -> Finding {
        if pattern.is_array() {
            return self.find(pattern, Some(&values.into()), field);
        }
        values
            .iter()
            .map(|value| self.find(pattern, Some(value), field))
            .reduce(Finding::better)
            .unwrap_or_else(|| self.find(pattern, None, field))
    }
}

/// The parts of a set-cookie-string: divided at each ";", then at the first "=", blanks trimmed.
struct Parts<'a> {
    name: &'a str,
    value: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
}

impl<'a> Parts<'a> {
    fn of(line: &'a str) -> Self {
        let mut parts = line.split(';');
        let pair = parts.next().unwrap_or_default();
        let (name, value) = divided(pair).unwrap_or(("", trimmed(pair)));
        let attributes = parts.map(|part| divided(part).unwrap_or((trimmed(part), ""))).collect();
        Self { name, value, attributes }
    }

    fn values_of(&self, name: &str) -> Vec<Value> {
        let is_meant = |(it, _): &&(&str, &str)| it.eq_ignore_ascii_case(name);
        self.attributes.iter().filter(is_meant).map(|(_, value)| Value::from(*value)).collect()
    }
}

fn divided(part: &str) -> Option<(&str, &str)> {
    part.split_once('=').map(|(name, value)| (trimmed(name), trimmed(value)))
}

fn trimmed(part: &str) -> &str {
    part.trim_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::matcher::Mismatch;

    fn find(operand: Value, line: Value) -> Finding {
        let matcher = Matcher { blind: &[], unset_is_false: false };
        matcher.find(&json!({ "$set-cookie": operand }), Some(&line), &Field::Root("set_cookie"))
    }

    fn matches(operand: Value, line: &str) -> bool {
        find(operand, line.into()) == Finding::Match
    }

    #[test]
    fn only_what_is_named_matters() {
        let line = "n=v=w; Path=/;max-age = 3600 ;SECURE";
        assert!(matches(json!({}), line));
        assert!(matches(json!({"name": "n", "value": "v=w"}), line));
        assert!(matches(
            json!({"attributes": {"Max-Age": "3600", "Secure": "", "path": "/"}}),
            line
        ));
        assert!(matches(
            json!({"attributes": {"Domain": null, "HttpOnly": {"$absent": true}}}),
            line
        ));
        assert!(!matches(json!({"attributes": {"Path": null}}), line));
        assert!(!matches(json!({"attributes": {"Max-Age": "360"}}), line));
        assert!(!matches(json!({"name": "N"}), line));
        assert!(!matches(json!({"value": "v"}), line));
    }

    #[test]
    fn a_pair_without_equals_is_a_value() {
        assert!(matches(json!({"name": "", "value": "v"}), "v; a=b"));
        assert!(matches(json!({"name": "", "value": "v"}), "=v"));
        assert!(matches(json!({"name": "", "attributes": {"b": "v"}}), "a;b=v"));
        assert!(matches(json!({"name": "", "value": ""}), ""));
    }

    #[test]
    fn only_blanks_are_trimmed() {
        assert!(matches(json!({"name": "n", "value": "v w"}), " n\t= v w\t"));
        assert!(matches(json!({"value": "v\r\n"}), "n=v\r\n"));
        assert!(matches(json!({"value": "v\u{a0}"}), "n=v\u{a0}; Path=/"));
    }

    #[test]
    fn of_an_attribute_that_is_there_twice_either_may_match() {
        let line = "n=v; Path=/a; path=/b";
        assert!(matches(json!({"attributes": {"Path": "/a"}}), line));
        assert!(matches(json!({"attributes": {"Path": "/b"}}), line));
        assert!(matches(json!({"attributes": {"Path": ["/a", "/b"]}}), line));
        assert!(!matches(json!({"attributes": {"Path": ["/b"]}}), line));
        assert!(!matches(json!({"attributes": {"Path": null}}), line));
        assert!(matches(json!({"attributes": {"Path": ["/"], "Domain": []}}), "n=v; Path=/"));
    }

    #[test]
    fn patterns_nest() {
        let none_without_secure =
            json!({"attributes": {"SameSite": {"$any": ["None", "none"]}, "Secure": null}});
        assert!(matches(none_without_secure.clone(), "n=v; samesite=none"));
        assert!(!matches(none_without_secure, "n=v; samesite=none; secure"));
        let other_path = json!({"attributes": {"Path": {"$ne": "/"}}});
        assert!(matches(other_path.clone(), "n=v"));
        assert!(matches(other_path.clone(), "n=v; Path=/a"));
        assert!(!matches(other_path, "n=v; Path=/"));
    }

    #[test]
    fn a_mismatch_names_the_part() {
        let shown = |operand: Value, line: Value| match find(operand, line) {
            Finding::Mismatch(Mismatch { path, want, got }) => format!("{path}: {want} / {got}"),
            other => format!("{other:?}"),
        };
        let max_age = json!({"name": "n", "attributes": {"Max-Age": "3600"}});
        assert_eq!(
            shown(max_age.clone(), json!("n=v; max-age=\"3600\"")),
            r#"set_cookie.attributes.Max-Age: "3600" / "\"3600\"""#
        );
        assert_eq!(
            shown(max_age.clone(), json!("n=v")),
            r#"set_cookie.attributes.Max-Age: "3600" / nothing"#
        );
        assert_eq!(shown(max_age.clone(), json!("m=v")), r#"set_cookie.name: "n" / "m""#);
        assert!(shown(max_age, Value::Null).ends_with(" / null"));
    }
}
