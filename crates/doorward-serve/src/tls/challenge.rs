//! The certificates that prove a name to an authority (TLS-ALPN-01, RFC 8737).

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use rcgen::{CertificateParams, CustomExtension, DistinguishedName, KeyPair};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::ClientHello;
use rustls::sign::CertifiedKey;

/// The protocol of such a handshake (RFC 8737 §6.2).
pub(super) const PROTOCOL: &[u8] = b"acme-tls/1";

/// The proofs at hand, by name. They are shown to who asks for this protocol alone, and nothing else is said to them.
#[derive(Debug, Default)]
pub(super) struct Challenges(RwLock<HashMap<String, Arc<CertifiedKey>>>);

impl Challenges {
    /// Whether a client asks for a proof.
    pub(super) fn are_asked_for(hello: &ClientHello<'_>) -> bool {
        let mut protocols = hello.alpn().into_iter().flatten();
        protocols.next() == Some(PROTOCOL) && protocols.next().is_none()
    }

    /// The proof of the name that is asked for.
    pub(super) fn find(&self, hello: &ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name()?.to_ascii_lowercase();
        let proofs = self.0.read().unwrap_or_else(PoisonError::into_inner);
        proofs.get(&name).cloned()
    }

    pub(super) fn add(&self, name: &str, proof: Arc<CertifiedKey>) {
        let mut proofs = self.0.write().unwrap_or_else(PoisonError::into_inner);
        proofs.insert(name.to_ascii_lowercase(), proof);
    }

    pub(super) fn clear(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A certificate that holds the digest of a key authorization (RFC 8737 §3).
pub(super) fn proof(
    name: &str,
    digest: &[u8],
) -> Result<Arc<CertifiedKey>, Box<dyn std::error::Error + Send + Sync>> {
    let mut params = CertificateParams::new([name.to_owned()])?;
    params.distinguished_name = DistinguishedName::new();
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    let key = default_provider().key_provider.load_private_key(key)?;
    // Not `from_der`: rustls does not know the one extension that this is about, and it has to be critical.
    Ok(Arc::new(CertifiedKey::new(vec![certificate.der().clone()], key)))
}
