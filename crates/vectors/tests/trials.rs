//! The suite as a test target, as another crate would have it: a small implementation of the path
//! algorithms, one trial per case.

use std::process::ExitCode;

use cookiespec_vectors::trials::Trials;
use cookiespec_vectors::{
    Implementation, ImplementationInfo, Octets, OperationResult, Profile, Suite,
};

/// RFC 6265 section 5.1.4, and nothing else.
struct Paths;

impl Implementation for Paths {
    fn about(&self) -> ImplementationInfo {
        ImplementationInfo {
            name: "paths".to_owned(),
            can: ["match.path", "default.path"].map(str::to_owned).to_vec(),
            ..ImplementationInfo::default()
        }
    }

    fn match_path(&mut self, path: &Octets, cookie_path: &Octets) -> OperationResult<bool> {
        let (path, cookie_path) = (path.as_slice(), cookie_path.as_slice());
        Ok(match path.strip_prefix(cookie_path) {
            None => false,
            Some(rest) => rest.is_empty() || cookie_path.ends_with(b"/") || rest.starts_with(b"/"),
        })
    }

    fn default_path(&mut self, uri: &Octets) -> OperationResult<Octets> {
        let uri = uri.to_isomorphic();
        let uri = uri.split(['?', '#']).next().unwrap_or_default();
        let hierarchy = uri.split_once("://").map_or("", |(_, rest)| rest);
        let path = hierarchy.find('/').map_or("", |slash| &hierarchy[slash..]);
        let directory = path.rfind('/').map_or("", |slash| &path[..slash]);
        Ok(if directory.is_empty() { "/" } else { directory }.into())
    }
}

fn main() -> ExitCode {
    let suite = match Suite::embedded() {
        Ok(suite) => suite.select(|case| ["path.default", "path.match"].contains(&case.area())),
        Err(errors) => {
            eprintln!("{errors}");
            return ExitCode::FAILURE;
        }
    };
    Trials::new(Profile::Rfc6265, || Paths).suite(suite).run()
}
