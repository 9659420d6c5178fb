//! Any octets as a line from a shim: no answer, or one that is written as it was read and that the
//! judge has an opinion of.

use std::sync::LazyLock;

use cookiespec_vectors::{
    Answer, Handshake, ImplementationInfo, Profile, Reply, Suite, Verdict, judge, reference,
};

/// The suite that answers are judged against.
static SUITE: LazyLock<Suite> =
    LazyLock::new(|| Suite::embedded().unwrap_or_else(|errors| panic!("{errors}")));

/// Holds it; the id of the answer chooses the case it is an answer to.
pub fn holds(line: &[u8]) {
    let Ok(reply) = serde_json::from_slice::<Reply>(line) else { return };
    let written = serde_json::to_vec(&reply).expect("what was JSON");
    let again: Reply = serde_json::from_slice(&written).expect("an answer");
    assert_eq!(again, reply, "what is written is not read back");

    let cases = SUITE.cases();
    let case = &cases[usize::try_from(reply.id).unwrap_or_default() % cases.len()];
    for profile in Profile::ALL {
        let (expected, _) = reference::explain(profile, case.operation());
        let about = ImplementationInfo { can: case.needs.clone(), ..ImplementationInfo::default() };
        let verdict = judge(case, profile, &about, &reply.answer).verdict;
        if expected == reply.answer {
            assert_ne!(verdict, Verdict::Fail, "{}: the reference fails", case.id);
        }
        if !matches!(reply.answer, Answer::Ok(_)) {
            assert_ne!(verdict, Verdict::Pass, "{}: no answer passes", case.id);
        }
    }
    if let Answer::Ok(value) = reply.answer
        && let Ok(handshake) = serde_json::from_value::<Handshake>(value)
    {
        let written = serde_json::to_value(&handshake).expect("what was JSON");
        assert_eq!(serde_json::from_value::<Handshake>(written).ok(), Some(handshake));
    }
}

/// The reference's answers to every eighth case, and how it introduces itself.
pub fn seeds(suite: &Suite) -> Vec<Vec<u8>> {
    let handshake = Handshake::new(
        "seed/1",
        ImplementationInfo { name: "seed".into(), ..ImplementationInfo::default() },
        64,
        256,
    );
    let handshake = serde_json::to_value(handshake).expect("a handshake is JSON");
    let replies = suite.cases().iter().enumerate().step_by(8).map(|(nth, case)| {
        let (answer, _) = reference::explain(Profile::Rfc6265bis, case.operation());
        Reply { id: nth as u64, answer }
    });
    let replies = replies.chain([
        Reply { id: 0, answer: Answer::Ok(handshake) },
        Reply { id: 1, answer: Answer::Unsupported { need: "clock".into() } },
        Reply { id: 2, answer: Answer::Error { message: "no".into() } },
    ]);
    replies.map(|reply| serde_json::to_vec(&reply).expect("an answer is JSON")).collect()
}
