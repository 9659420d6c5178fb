//! Origins of requests (RFC 6454 section 4), and what tells two of them apart.

use std::fmt;

use cookiespec_vectors::Octets;
use cookiespec_vectors::operation::JarConfig;
use url::{Host, Url};

use super::site;

/// Scheme, host and port of a URI of HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: String,
    host: Host<String>,
    port: u16,
}

impl Origin {
    /// The origin of a URI; `None` if it has none.
    pub(crate) fn of(uri: &Octets) -> Option<Self> {
        let url = Url::parse(uri.to_str()?).ok()?;
        let (host, port) = (url.host()?.to_owned(), url.port_or_known_default()?);
        Some(Self { scheme: url.scheme().to_owned(), host, port })
    }

    /// Whether requests to it are made in plain text.
    fn is_plain(&self) -> bool {
        self.scheme == "http"
    }

    /// What becomes different on the way from this origin to another one.
    pub(crate) fn relation(&self, other: &Self) -> Relation {
        if self.host != other.host {
            return if self.shares_site(other) { Relation::OtherHost } else { Relation::OtherSite };
        }
        match (self.is_plain(), other.is_plain()) {
            (false, true) => Relation::Plain,
            (true, false) => Relation::Encrypted,
            _ if self.port != other.port => Relation::OtherPort,
            _ => Relation::Same,
        }
    }

    /// Whether both hosts are below one domain that somebody registered. An address is a site of its
    /// own.
    fn shares_site(&self, other: &Self) -> bool {
        let (Host::Domain(one), Host::Domain(other)) = (&self.host, &other.host) else {
            return false;
        };
        // A name with a dot at its end is the same one to the Domain Name System.
        let [one, other] = [one, other].map(|name| name.strip_suffix('.').unwrap_or(name));
        let rules = site::rules(&JarConfig::default());
        one == other
            || rules.is_some_and(|rules| site::is_shared(&rules, one.as_bytes(), other.as_bytes()))
    }
}

/// With its port, also where it is the scheme's own.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}

/// How the origin of a request is related to the one that something was given or set for. The first
/// that differs counts: site, host, scheme, port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Same,
    OtherPort,
    /// From http to https.
    Encrypted,
    /// From https to http.
    Plain,
    OtherHost,
    OtherSite,
}

impl Relation {
    /// The difference in which something that was for the origin arrives there.
    pub(crate) const fn difference(self) -> &'static str {
        match self {
            Self::Same => "sent to the same origin",
            Self::OtherPort => "sent to another port",
            Self::Encrypted => "sent over https",
            Self::Plain => "sent over http",
            Self::OtherHost => "sent to another host of the site",
            Self::OtherSite => "sent to another site",
        }
    }

    /// The same with a cookie, for which scheme and port make no difference (RFC 6265 section 8.5).
    pub(crate) const fn difference_of_hosts(self) -> &'static str {
        match self {
            Self::OtherHost | Self::OtherSite => self.difference(),
            _ => "sent to the same host",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_between_two_origins_is_told() {
        let of = |uri: &str| Origin::of(&uri.into()).unwrap();
        for (one, other, relation) in [
            ("http://a.test/x", "http://A.test:80/y", Relation::Same),
            ("http://a.test/", "http://a.test:8080/", Relation::OtherPort),
            ("http://a.test/", "https://a.test/", Relation::Encrypted),
            ("https://a.test:8080/", "http://a.test:8080/", Relation::Plain),
            ("https://www.a.test/", "http://a.test/", Relation::OtherHost),
            ("http://a.test/", "http://a.test./", Relation::OtherHost),
            ("http://a.test/", "http://xa.test/", Relation::OtherSite),
            ("http://a.test/", "http://a.test.b.test/", Relation::OtherSite),
            ("http://192.0.2.7/", "http://192.0.2.70/", Relation::OtherSite),
            ("http://a.co.uk/", "http://b.co.uk/", Relation::OtherSite),
        ] {
            assert_eq!(of(one).relation(&of(other)), relation, "{one} {other}");
        }
        assert_eq!(of("HTTPS://u:p@A.test/x").to_string(), "https://a.test:443");
        assert_eq!(Origin::of(&"a.test".into()), None);
    }
}
