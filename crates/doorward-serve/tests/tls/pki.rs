//! Certificates of a root of our own, and the clients that trust it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};

/// A root, and a folder with the files of what it signed.
pub(crate) struct Pki {
    folder: tempfile::TempDir,
    root: Issuer<'static, KeyPair>,
    root_der: CertificateDer<'static>,
}

impl Pki {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root_der = params.self_signed(&key).unwrap().der().clone();
        let (folder, root) = (tempfile::tempdir().unwrap(), Issuer::new(params, key));
        Self {
            folder,
            root,
            root_der,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file that only we can read.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        write(&self.path(name), text);
        self.path(name)
    }

    /// The chain and the key of a new certificate for `localhost`, as PEM.
    pub(crate) fn pair(&self) -> (String, String) {
        self.pair_with(&KeyPair::generate().unwrap(), |_| {})
    }

    pub(crate) fn pair_with(
        &self,
        key: &KeyPair,
        with: impl FnOnce(&mut CertificateParams),
    ) -> (String, String) {
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        with(&mut params);
        let leaf = params.signed_by(key, &self.root).unwrap();
        (leaf.pem(), key.serialize_pem())
    }

    /// A new pair in `cert.pem` and `key.pem`.
    pub(crate) fn renew(&self) -> (PathBuf, PathBuf) {
        let (cert, key) = self.pair();
        (self.write("cert.pem", &cert), self.write("key.pem", &key))
    }

    pub(crate) fn client(
        &self,
        versions: &[&'static SupportedProtocolVersion],
        protocols: &[&str],
    ) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.root_der.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        config
    }
}

fn write(path: &Path, text: &str) {
    let draft = path.with_extension("draft");
    fs::write(&draft, text).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&draft, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    fs::rename(draft, path).unwrap();
}
