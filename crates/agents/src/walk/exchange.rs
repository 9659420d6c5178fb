//! A program of whole requests and responses as a walk.

use cookiespec_vectors::operation::{self, ExchangeProgram, ExchangeStep, Navigate};
use cookiespec_vectors::{Octets, OperationResult, ability, unsupported};
use cookiespec_wire::server::{Interim, Reply};

use super::legs::{Hop, Leg, Visit, Walk};
use super::location::Location;
use crate::agent::{AgentFacts, Navigation};

impl Walk {
    /// The walk of a program of whole requests and responses for an agent.
    ///
    /// # Errors
    /// Unsupported: the ability that the agent, or any walk, lacks.
    pub fn of_exchange(program: &ExchangeProgram, facts: &AgentFacts) -> OperationResult<Self> {
        let needs = ability::implied_by_exchange(program);
        if let Some(need) = needs.into_iter().find(|need| !facts.can(need)) {
            return unsupported(need);
        }
        let legs = program.steps.iter().map(leg).collect::<OperationResult<_>>()?;
        Ok(Self { legs, date: None })
    }
}

fn leg(step: &ExchangeStep) -> OperationResult<Leg> {
    Ok(match step {
        ExchangeStep::Navigate(navigate) => Leg::Visit(visit(navigate)?),
        ExchangeStep::Restart => Leg::Restart,
        ExchangeStep::Save => Leg::Save,
        ExchangeStep::Load => Leg::Load,
        ExchangeStep::Clone => Leg::Copy,
    })
}

fn visit(navigate: &Navigate) -> OperationResult<Visit> {
    let Navigate { uri, method, fields, cookies, .. } = navigate;
    let Some(uri) = uri.to_str().filter(|uri| uri.bytes().all(|octet| octet.is_ascii_graphic()))
    else {
        return unsupported("http: a URI with octets that RFC 3986 does not allow");
    };
    let hops = navigate.requests().map(|(uri, hop)| self::hop(uri, hop));
    let hops = hops.collect::<OperationResult<Vec<_>>>()?;
    let navigation = Navigation {
        uri: uri.to_owned(),
        method: method.clone(),
        fields: fields.clone(),
        cookies: cookies.clone(),
        follow: hops.len().saturating_sub(1),
        hosts: None,
    };
    Ok(Visit { navigation, hops })
}

fn hop(uri: &Octets, hop: &operation::Hop) -> OperationResult<Hop> {
    let operation::Hop { at, method, status, fields, interim, trailers, body, .. } = hop;
    let interim = interim.iter().map(|interim| {
        Ok(Interim { status: interim.status, fields: field_lines(&interim.fields)? })
    });
    let response = Reply {
        fields: field_lines(fields)?,
        interim: interim.collect::<OperationResult<_>>()?,
        trailers: field_lines(trailers)?,
        body: body.clone().unwrap_or_default().into_vec(),
        ..Reply::new(*status)
    };
    Ok(Hop {
        location: Location::of(uri)?,
        method: method.clone(),
        observed: at.clone(),
        response,
        page: None,
    })
}

fn field_lines(fields: &[(Octets, Octets)]) -> OperationResult<Vec<(String, Vec<u8>)>> {
    let line = |(name, value): &(Octets, Octets)| match name.to_str() {
        Some(name) => Ok((name.to_owned(), value.as_slice().to_vec())),
        None => unsupported("http: a field name with octets that are not UTF-8"),
    };
    fields.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn walk(steps: Value, facts: &AgentFacts) -> OperationResult<Walk> {
        let program = serde_json::from_value(json!({ "steps": steps })).unwrap();
        Walk::of_exchange(&program, facts)
    }

    #[test]
    fn a_navigation_follows_to_its_last_hop_and_responses_are_as_the_case_has_them() {
        let steps = json!([{
            "do": "navigate", "uri": "http://u@a.test/", "method": "POST",
            "fields": [["Cookie", "\u{e9}"]],
            "hops": [
                {"at": "x", "uri": "http://a.test/", "status": 307, "trailers": [["T", "t"]],
                 "interim": [{"status": 103, "fields": [["Set-Cookie", "i=1"]]}],
                 "fields": [["location", "/2"], ["SET-cookie", " a=\n b"]], "body": "moved"},
                {"uri": "http://a.test/2", "method": "POST"}
            ]
        }]);
        let walk = walk(steps, &AgentFacts::default()).unwrap();
        let [Leg::Visit(Visit { navigation, hops })] = &walk.legs[..] else { panic!("{walk:?}") };
        assert_eq!((&*navigation.uri, &*navigation.method), ("http://u@a.test/", "POST"));
        assert_eq!(navigation.fields, [("Cookie".into(), b"\xe9".into())]);
        assert_eq!((navigation.follow, walk.date), (1, None));
        let fields = |fields: &[(&str, &[u8])]| {
            fields.iter().map(|(name, value)| ((*name).to_owned(), value.to_vec())).collect()
        };
        let first = Reply {
            fields: fields(&[("location", b"/2"), ("SET-cookie", b" a=\n b")]),
            interim: vec![Interim { status: 103, fields: fields(&[("Set-Cookie", b"i=1")]) }],
            trailers: fields(&[("T", b"t")]),
            body: b"moved".to_vec(),
            ..Reply::new(307)
        };
        assert_eq!((&hops[0].response, &hops[1].response), (&first, &Reply::new(200)));
        let methods: Vec<_> = hops.iter().map(|hop| hop.method.as_deref()).collect();
        assert_eq!(methods, [None, Some("POST")]);
        let labels: Vec<_> = hops.iter().map(|hop| hop.observed.as_deref()).collect();
        assert_eq!(labels, [Some("x"), None]);
    }

    #[test]
    fn what_an_agent_or_any_walk_lacks_is_named() {
        let navigate = |uri: &str, given: Value| json!([{"do": "navigate", "uri": uri, "cookies": given, "hops": [{}]}]);
        for (steps, need) in [
            (json!([{"do": "restart"}]), "restart"),
            (json!([{"do": "save"}]), "save"),
            (json!([{"do": "clone"}]), "clone"),
            (navigate("http://a.test/", json!([["a", "b"]])), "caller-cookies"),
            (navigate("http://u@a.test/", json!([])), "http: user information in a URI"),
            (
                navigate("http://a.test/\n", json!([])),
                "http: a URI with octets that RFC 3986 does not allow",
            ),
        ] {
            assert_eq!(walk(steps, &AgentFacts::default()), unsupported(need));
        }
        let facts = AgentFacts { save: true, copy: true, ..AgentFacts::default() };
        let walk = walk(json!([{"do": "save"}, {"do": "clone"}, {"do": "load"}]), &facts);
        assert_eq!(walk.unwrap().legs, [Leg::Save, Leg::Copy, Leg::Load]);
    }
}
