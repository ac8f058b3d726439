//! [`Certificates`]: whom TLS believes, and what it shows.

use std::path::{Path, PathBuf};

use doorward_core::settings::{RedisSettings, SettingsError};
use redis::{Client, ClientTlsConfig, TlsCertificates};

use crate::failure::Failure;

/// What a certificate begins with in a PEM file (RFC 7468).
const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// The files that the settings name for TLS. They are read for each connection: one that was renewed counts from the
/// next connection on.
#[derive(Clone, Debug)]
pub(crate) struct Certificates {
    authorities: Option<PathBuf>,
    client: Option<(PathBuf, PathBuf)>,
}

impl Certificates {
    /// Those of the settings; `None` where the system's authorities are believed and nothing is shown.
    ///
    /// # Errors
    /// Files that cannot be read or are none of certificates.
    pub(crate) fn of(settings: &RedisSettings) -> Result<Option<Self>, SettingsError> {
        let path = |name: &Option<String>| name.as_ref().map(PathBuf::from);
        let certificates = Self {
            authorities: path(&settings.tls_ca),
            client: path(&settings.tls_cert).zip(path(&settings.tls_key)),
        };
        if certificates.authorities.is_none() && certificates.client.is_none() {
            return Ok(None);
        }
        certificates.prove()?;
        Ok(Some(certificates))
    }

    /// What the files hold now.
    pub(crate) async fn read(&self) -> Result<TlsCertificates, Failure> {
        let files = self.clone();
        let read = tokio::task::spawn_blocking(move || files.read_now()).await;
        let read = read.map_err(|_| Failure::Certificates("the program is ending".to_owned()))?;
        read.map_err(|error| Failure::Certificates(error.to_string()))
    }

    fn prove(&self) -> Result<(), SettingsError> {
        let files = self.read_now()?;
        let (authorities, client) = (files.root_cert.is_some(), files.client_tls.is_some());
        let key = match (authorities, client) {
            (true, false) => "redis.tls_ca",
            _ => "redis.tls_cert",
        };
        let tried = Client::build_with_tls("rediss://localhost", files);
        tried
            .map(drop)
            .map_err(|error| SettingsError::new(key, format!("it cannot be used: {error}")))
    }

    fn read_now(&self) -> Result<TlsCertificates, SettingsError> {
        let root_cert = self
            .authorities
            .as_deref()
            .map(|path| certificates("redis.tls_ca", path));
        let client = self.client.as_ref().map(|(certificate, key)| {
            Ok::<_, SettingsError>(ClientTlsConfig {
                client_cert: certificates("redis.tls_cert", certificate)?,
                client_key: file("redis.tls_key", key)?,
            })
        });
        Ok(TlsCertificates {
            client_tls: client.transpose()?,
            root_cert: root_cert.transpose()?,
        })
    }
}

fn certificates(key: &str, path: &Path) -> Result<Vec<u8>, SettingsError> {
    let pem = file(key, path)?;
    match pem.windows(BEGIN.len()).any(|text| text == BEGIN) {
        true => Ok(pem),
        false => {
            let problem = format!("{} holds no certificate in PEM", path.display());
            Err(SettingsError::new(key, problem))
        }
    }
}

fn file(key: &str, path: &Path) -> Result<Vec<u8>, SettingsError> {
    let problem = |error| SettingsError::new(key, format!("{} cannot be read: {error}", path.display()));
    std::fs::read(path).map_err(problem)
}
