//! New keys while the server runs.

use std::hash::{DefaultHasher, Hash, Hasher};

use doorward_auth::jwt::JwtDoorExt;
use doorward_core::Door;
use doorward_core::settings::{JwtSettings, SecretFile, Settings, SettingsErrors};
use tokio::task::JoinHandle;

use crate::{Error, Result};
use doorward_serve::wake::{Cause, Wake};

/// Looks after the key files of a door until it is dropped.
#[derive(Debug)]
#[must_use = "keys are looked after only while this is kept"]
pub struct KeyWatch(JoinHandle<()>);

impl Drop for KeyWatch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Reads the key files of that door again every five seconds, and at once at SIGHUP; what changed takes effect
/// without a restart. Keys that cannot be used change nothing, and are told in the log.
///
/// SIGHUP ends the program no more from here on, whether or not the settings name key files; what was read again, or that
/// there was nothing to read, is told in the log. [`Doorward::serve`](crate::Doorward::serve) calls this.
///
/// # Errors
/// Signals that cannot be listened to.
pub fn watch(door: &Door) -> Result<KeyWatch> {
    let mut wake = Wake::new().map_err(Error::Signals)?;
    let door = door.clone();
    Ok(KeyWatch(tokio::spawn(async move {
        let mut known = Some(fingerprint(&door.settings().jwt));
        loop {
            let cause = wake.next().await;
            match has_files(&door.settings().jwt) {
                true => known = refresh(&door, known, cause).await,
                false if cause == Cause::Asked => tell_nothing(door.settings()),
                false => {}
            }
        }
    })))
}

/// Where there is a certificate, its own line tells of it.
fn tell_nothing(settings: &Settings) {
    let server = &settings.server;
    if server.tls_cert.is_none() && server.acme.domains.is_empty() {
        tracing::info!("SIGHUP: there is nothing to read again; settings are read at the start only");
    }
}

fn has_files(jwt: &JwtSettings) -> bool {
    jwt.key_directory.is_some()
        || jwt.signing_key_file.is_some()
        || jwt.verifying_key_file.is_some()
        || jwt
            .keys
            .iter()
            .any(|key| key.signing_key_file.is_some() || key.verifying_key_file.is_some())
}

/// Takes over what changed; answers what is known now. What fails is tried again.
async fn refresh(door: &Door, known: Option<u64>, cause: Cause) -> Option<u64> {
    let settings = door.settings().clone();
    let read = tokio::task::spawn_blocking(move || read_again(settings)).await;
    let settings = match read {
        Ok(Ok(settings)) => settings,
        Ok(Err(error)) => {
            tracing::error!(error.cause = %error, "keys cannot be read; those at hand stay");
            return None;
        }
        Err(_) => return known,
    };
    let found = Some(fingerprint(&settings.jwt));
    if found == known {
        if cause == Cause::Asked {
            tracing::info!("SIGHUP: the keys were read again, and are the same");
        }
        return known;
    }
    match door.tokens().reload_keys(&settings) {
        Ok(()) => tracing::info!(
            keys = door.tokens().keyring().keys().len(),
            "keys were loaded anew"
        ),
        Err(error) => tracing::error!(error.cause = %error, "keys cannot be used; those at hand stay"),
    }
    found
}

fn read_again(mut settings: Settings) -> Result<Settings, SettingsErrors> {
    super::read(&mut settings)?;
    Ok(settings)
}

/// Tells whether anything that was read differs.
fn fingerprint(jwt: &JwtSettings) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut add = |file: Option<&SecretFile>| {
        let text = file.and_then(SecretFile::contents);
        text.map(|text| text.expose().as_str()).hash(&mut hasher);
    };
    add(jwt.signing_key_file.as_ref());
    add(jwt.verifying_key_file.as_ref());
    for key in &jwt.keys {
        add(key.signing_key_file.as_ref());
        add(key.verifying_key_file.as_ref());
    }
    let files = jwt.key_directory.as_ref().and_then(|directory| directory.files());
    for (name, file) in files.unwrap_or_default() {
        (name, file.to_text().expose()).hash(&mut hasher);
    }
    hasher.finish()
}
