//! An authority of the test's own, and what it has signed, as files.

use std::fs;
use std::path::Path;

use doorward_core::settings::RedisSettings;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};

/// A folder with `ca.pem`, `server.pem` and `server.key`, `client.pem` and `client.key`.
pub(crate) struct TlsFiles(tempfile::TempDir);

impl TlsFiles {
    pub(crate) fn new() -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        files.sign_anew();
        files
    }

    /// Another authority, and all that it has signed, in the same files.
    pub(crate) fn sign_anew(&self) {
        let mut authority = CertificateParams::new(Vec::<String>::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // Called as what it signs, that would pass for signed by itself.
        authority
            .distinguished_name
            .push(DnType::CommonName, "an authority");
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        fs::write(self.0.path().join("ca.pem"), authority.pem()).unwrap();
        for name in ["server", "client"] {
            self.sign(name, &authority);
        }
    }

    fn sign(&self, name: &str, authority: &CertifiedIssuer<'_, KeyPair>) {
        let key = KeyPair::generate().unwrap();
        let mut about = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        // Nodes of a cluster call each other.
        about.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        let certificate = about.signed_by(&key, authority).unwrap();
        fs::write(self.0.path().join(format!("{name}.pem")), certificate.pem()).unwrap();
        fs::write(self.0.path().join(format!("{name}.key")), key.serialize_pem()).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// What a server is told that speaks TLS at that port; clients have to show a certificate.
    pub(crate) fn options(&self, port: u16) -> Vec<String> {
        let named = [
            ("--tls-port", port.to_string()),
            ("--tls-cert-file", self.path("server.pem")),
            ("--tls-key-file", self.path("server.key")),
            ("--tls-ca-cert-file", self.path("ca.pem")),
            ("--tls-auth-clients", "yes".to_owned()),
        ];
        named
            .into_iter()
            .flat_map(|(name, value)| [name.to_owned(), value])
            .collect()
    }

    /// Settings that believe this authority, and show the client's certificate.
    pub(crate) fn tell(&self, settings: &mut RedisSettings) {
        settings.tls_ca = Some(self.path("ca.pem"));
        settings.tls_cert = Some(self.path("client.pem"));
        settings.tls_key = Some(self.path("client.key"));
    }
}

/// Whether the servers that are installed speak TLS; a line where they do not.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn is_built_in() -> bool {
    let asked = ["redis-server", "valkey-server"].into_iter().find_map(|program| {
        let files = TlsFiles::new();
        let mut asking = std::process::Command::new(program);
        asking
            .args(["--port", "0", "--dir"])
            .arg(Path::new(&files.path("")));
        // A server with TLS runs on, one without ends at once over options that it does not know.
        asking.args(files.options(crate::process::free_port()));
        let mut child = asking.stdout(std::process::Stdio::null()).spawn().ok()?;
        std::thread::sleep(std::time::Duration::from_millis(300));
        let runs = child.try_wait().unwrap().is_none();
        let _ = child.kill();
        child.wait().unwrap();
        Some(runs)
    });
    if asked == Some(false) {
        eprintln!("skipped: the server was built without TLS");
    }
    asked == Some(true)
}
