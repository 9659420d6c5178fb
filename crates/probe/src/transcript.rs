//! What was said between the probe and the application.

use cookiespec_vectors::Octets;
use cookiespec_wire::{Request, Response};
use serde::{Deserialize, Serialize};

/// One request and what came back.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// Who asked: every browser has a number of its own.
    pub client: u32,
    /// Whom: `http://host:port`.
    pub origin: String,
    /// The method.
    pub method: String,
    /// The request-target.
    pub target: String,
    /// The header fields.
    pub fields: Vec<(String, Octets)>,
    /// The content.
    pub body: Octets,
    /// The answer; `None` where there was none.
    pub answer: Option<Answered>,
    /// Why there was none.
    pub error: Option<String>,
}

/// An answer.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The status code.
    pub status: u16,
    /// The header fields.
    pub fields: Vec<(String, Octets)>,
    /// The start of the content.
    pub body: Octets,
}

/// What was said during one check: the first exchanges and the last ones.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    exchanges: Vec<Exchange>,
    /// How many were left out in the middle.
    omitted: usize,
}

impl Exchange {
    pub(crate) fn new(
        client: u32,
        origin: String,
        request: &Request,
        came: &Result<Response, cookiespec_wire::Error>,
    ) -> Self {
        let answer = came.as_ref().ok().map(|response| Answered {
            status: response.status,
            fields: octets(&response.fields),
            body: response.body[..response.body.len().min(SHOWN_BODY)].to_vec().into(),
        });
        Self {
            client,
            origin,
            method: request.method.clone(),
            target: request.target.clone(),
            fields: octets(&request.fields),
            body: request.body.clone().into(),
            answer,
            error: came.as_ref().err().map(ToString::to_string),
        }
    }
}

fn octets(fields: &[(String, Vec<u8>)]) -> Vec<(String, Octets)> {
    fields.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect()
}

impl Transcript {
    pub(crate) fn push(&mut self, exchange: Exchange) {
        if self.exchanges.len() == KEPT {
            // The start says how it began, the end how it came to the verdict.
            self.exchanges.remove(KEPT / 2);
            self.omitted += 1;
        }
        self.exchanges.push(exchange);
    }

    /// Everything so far, and how many exchanges are left out; the transcript is empty then.
    pub(crate) fn take(&mut self) -> (Vec<Exchange>, usize) {
        (std::mem::take(&mut self.exchanges), std::mem::take(&mut self.omitted))
    }
}

/// The most exchanges of a check that are kept.
const KEPT: usize = 200;
/// The most octets of a content that are kept.
const SHOWN_BODY: usize = 4 << 10;
