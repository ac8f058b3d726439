//! A certificate chain and its key, in two PEM files.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use doorward_core::settings::{ServerSettings, SettingsError};
use doorward_django::secret::Secret;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, InconsistentKeys};

use super::validity::Validity;
use crate::key_file::{self, Holds};

const CERTIFICATE: &str = "server.tls_cert";
const KEY: &str = "server.tls_key";

/// Where the two files are.
#[derive(Clone, Debug)]
pub(super) struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

/// What the two files hold, and what tells it from anything else.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) seen: u64,
    pub(super) pair: Result<Pair, SettingsError>,
}

struct Texts {
    certificate: Secret<String>,
    key: Secret<String>,
}

/// A certificate with its key, and how long it is good.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) key: Arc<CertifiedKey>,
    pub(super) validity: Validity,
}

impl Files {
    #[cfg(feature = "acme")]
    pub(super) fn at(certificate: PathBuf, key: PathBuf) -> Self {
        Self { certificate, key }
    }

    /// The files that the settings name, where they name any.
    pub(super) fn named(settings: &ServerSettings) -> Option<Self> {
        Some(Self {
            certificate: settings.tls_cert.as_ref()?.into(),
            key: settings.tls_key.as_ref()?.into(),
        })
    }

    /// What the files hold; `None` where that is known already. It blocks.
    pub(super) fn load(&self, known: Option<u64>) -> Option<Found> {
        let read = self.read();
        let seen = fingerprint(&read);
        (known != Some(seen)).then(|| Found {
            seen,
            pair: read.and_then(|texts| self.parse(&texts)),
        })
    }

    fn read(&self) -> Result<Texts, SettingsError> {
        Ok(Texts {
            certificate: read(CERTIFICATE, &self.certificate, Holds::PublicKey)?,
            key: read(KEY, &self.key, Holds::Secret)?,
        })
    }

    fn parse(&self, texts: &Texts) -> Result<Pair, SettingsError> {
        let chain = self.chain(texts.certificate.expose())?;
        let key = self.key(texts.key.expose())?;
        let validity = chain.first().and_then(|leaf| Validity::read(leaf));
        let validity = validity.ok_or_else(|| self.no_certificate("its first certificate cannot be read"))?;
        let key =
            CertifiedKey::from_der(chain, key, &default_provider()).map_err(|error| self.refuse(&error))?;
        Ok(Pair {
            key: Arc::new(key),
            validity,
        })
    }

    fn chain(&self, text: &str) -> Result<Vec<CertificateDer<'static>>, SettingsError> {
        let read: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
        match read {
            Ok(chain) if chain.is_empty() => Err(self.no_certificate("it holds no PEM certificate")),
            Ok(chain) => Ok(chain),
            Err(_) => Err(self.no_certificate("its PEM text is damaged")),
        }
    }

    fn key(&self, text: &str) -> Result<PrivateKeyDer<'static>, SettingsError> {
        if text.contains("ENCRYPTED") {
            return Err(self.no_key(
                "the key is encrypted, and nobody is there to type its password; write it without one, such as with \
                 `openssl pkey -in OLD -out NEW`",
            ));
        }
        PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|error| match error {
            pem::Error::NoItemsFound => {
                self.no_key("it holds no private key; allowed: PEM as PKCS#8, PKCS#1 or SEC1")
            }
            _ => self.no_key("its PEM text is damaged"),
        })
    }

    fn refuse(&self, error: &rustls::Error) -> SettingsError {
        match error {
            rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => self.no_key(&format!(
                "it is not the key of the first certificate in {}; give the two files of one certificate",
                self.certificate.display()
            )),
            rustls::Error::InvalidCertificate(CertificateError::BadEncoding) => {
                self.no_certificate("its first certificate cannot be read")
            }
            _ => self.no_key("TLS cannot use this key; allowed: RSA of 2048 bits or more, ECDSA (P-256, P-384, P-521), Ed25519"),
        }
    }

    fn no_certificate(&self, problem: &str) -> SettingsError {
        SettingsError::new(CERTIFICATE, format!("{}: {problem}", self.certificate.display()))
    }

    fn no_key(&self, problem: &str) -> SettingsError {
        SettingsError::new(KEY, format!("{}: {problem}", self.key.display()))
    }
}

fn read(setting: &str, path: &Path, holds: Holds) -> Result<Secret<String>, SettingsError> {
    key_file::read(path, holds).map_err(|problem| SettingsError::new(setting, problem))
}

/// The same for the same texts, and for the same failure.
fn fingerprint(read: &Result<Texts, SettingsError>) -> u64 {
    let mut hasher = DefaultHasher::new();
    match read {
        Ok(texts) => (texts.certificate.expose(), texts.key.expose()).hash(&mut hasher),
        Err(error) => error.to_string().hash(&mut hasher),
    }
    hasher.finish()
}
