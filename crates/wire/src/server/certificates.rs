//! The certificates of all hosts, signed by an authority that exists for one run.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::NoServerSessionStorage;
use rustls::sign::{CertifiedKey, SigningKey, SingleCertAndKey};

/// The authority, and the settings of TLS for each host that was requested.
pub(super) struct Certificates {
    authority: Issuer<'static, KeyPair>,
    pem: String,
    /// One key for all hosts: making one takes longer than signing a certificate.
    key: KeyPair,
    signing_key: Arc<dyn SigningKey>,
    provider: Arc<CryptoProvider>,
    protocols: Vec<Vec<u8>>,
    most: usize,
    issued: Mutex<Issued>,
}

#[derive(Default)]
struct Issued {
    serial: u64,
    configs: HashMap<String, Arc<ServerConfig>>,
    /// The hosts in the order in which they were first requested.
    order: VecDeque<String>,
}

impl Certificates {
    /// A new authority, which keeps the certificates of so many hosts.
    pub(super) fn new(http2: bool, most: usize) -> Result<Self, rcgen::Error> {
        let (authority_key, key) = (KeyPair::generate()?, KeyPair::generate()?);
        // A client that has seen another run must not take this authority for that one.
        let key_id: String =
            key.public_key_raw()[1..9].iter().map(|octet| format!("{octet:02x}")).collect();
        let mut params = lasting();
        params.distinguished_name.push(DnType::CommonName, format!("cookiespec origins {key_id}"));
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let pem = params.self_signed(&authority_key)?.pem();

        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let private = PrivateKeyDer::try_from(key.serialize_der())
            .map_err(|_| rcgen::Error::CouldNotParseKeyPair)?;
        let signing_key = provider
            .key_provider
            .load_private_key(private)
            .map_err(|_| rcgen::Error::CouldNotParseKeyPair)?;
        let protocols: &[&str] =
            if http2 { &["h2", "http/1.1", "http/1.0"] } else { &["http/1.1", "http/1.0"] };
        let protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        let authority = Issuer::new(params, authority_key);
        let issued = Mutex::default();
        Ok(Self { authority, pem, key, signing_key, provider, protocols, most, issued })
    }

    /// The certificate of the authority.
    pub(super) fn pem(&self) -> &str {
        &self.pem
    }

    /// How TLS is spoken for a host, which may be an address. Its certificate is signed when it is
    /// needed for the first time.
    ///
    /// # Errors
    /// Why there is no certificate for the host.
    pub(super) fn config(&self, host: &str) -> Result<Arc<ServerConfig>, String> {
        // Certificates name hosts without the final dot and addresses without brackets.
        let host = host.trim_end_matches('.').trim_start_matches('[').trim_end_matches(']');
        if host.len() > LONGEST_NAME {
            return Err(format!("a host of {} octets has no certificate", host.len()));
        }
        let host = host.to_ascii_lowercase();
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = issued.configs.get(&host) {
            return Ok(Arc::clone(config));
        }
        issued.serial += 1;
        let config = Arc::new(self.issue(&host, issued.serial)?);
        issued.configs.insert(host.clone(), Arc::clone(&config));
        issued.order.push_back(host);
        if issued.order.len() > self.most.max(1)
            && let Some(oldest) = issued.order.pop_front()
        {
            issued.configs.remove(&oldest);
        }
        Ok(config)
    }

    fn issue(&self, host: &str, serial: u64) -> Result<ServerConfig, String> {
        let refused = |error: &dyn fmt::Display| {
            format!("no certificate for {}: {error}", host.escape_debug())
        };
        let names = CertificateParams::new([host.to_owned()]).map_err(|error| refused(&error))?;
        let mut params = lasting();
        params.subject_alt_names = names.subject_alt_names;
        params.distinguished_name.push(DnType::CommonName, "cookiespec origin");
        // Firefox refuses two certificates of an authority with one serial number.
        params.serial_number = Some(serial.into());
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate =
            params.signed_by(&self.key, &self.authority).map_err(|error| refused(&error))?;

        let certified =
            CertifiedKey::new(vec![certificate.der().clone()], Arc::clone(&self.signing_key));
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| refused(&error))?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
        config.alpn_protocols.clone_from(&self.protocols);
        // Nothing of one connection is remembered for the next, so that each is like the first.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(config)
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates").field("most", &self.most).finish_non_exhaustive()
    }
}

/// A certificate that is valid in this century, also for a client whose clock is set.
fn lasting() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(2100, 1, 1);
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
}

/// The most octets of a name in the DNS (RFC 1035 section 2.3.4).
const LONGEST_NAME: usize = 253;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_one_certificate_in_whatever_form_it_is_given() {
        let certificates = Certificates::new(true, 10).unwrap();
        let first = certificates.config("a.test").unwrap();
        for host in ["A.TEST", "a.test."] {
            assert!(Arc::ptr_eq(&first, &certificates.config(host).unwrap()), "{host}");
        }
        let address = certificates.config("::1").unwrap();
        assert!(Arc::ptr_eq(&address, &certificates.config("[::1]").unwrap()));
        assert!(!Arc::ptr_eq(&first, &address));
    }

    #[test]
    fn the_oldest_certificate_makes_room() {
        let certificates = Certificates::new(true, 2).unwrap();
        let first = certificates.config("a.test").unwrap();
        certificates.config("b.test").unwrap();
        certificates.config("c.test").unwrap();
        assert_eq!(certificates.issued.lock().unwrap().configs.len(), 2);
        assert!(!Arc::ptr_eq(&first, &certificates.config("a.test").unwrap()));
    }

    #[test]
    fn a_name_that_no_certificate_can_carry_is_refused() {
        let certificates = Certificates::new(true, 10).unwrap();
        assert!(certificates.config(&"a".repeat(254)).unwrap_err().contains("254 octets"));
        let error = certificates.config("ä\u{1b}.test").unwrap_err();
        assert!(error.contains(r"ä\u{1b}.test"), "{error}");
        assert!(certificates.issued.lock().unwrap().order.is_empty());
    }
}
