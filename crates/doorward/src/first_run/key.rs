//! The secret key that a first run makes in its folder, and when it counts.

use std::net::TcpListener;
use std::path::Path;

use doorward_core::entropy::{self, SystemEntropy};
use doorward_django::crypto::random_string;
use doorward_django::secret::Secret;

use super::KEY_FILE;
use crate::settings::Loaded;
use crate::{Result, secret_files};

/// The key that a first run made in this folder, if there was one.
///
/// # Errors
/// A key file that cannot be used: others may read it, or it is empty.
pub fn read() -> Result<Option<Secret<String>>> {
    secret_files::read(Path::new(KEY_FILE))
}

/// The key of this folder, which is made where it is missing.
pub(super) fn read_or_make() -> Result<Secret<String>> {
    secret_files::read_or_make(Path::new(KEY_FILE), new)
}

/// Refuses an address that is taken, where a first run would make files: it leaves none behind then.
///
/// # Errors
/// [`Error::Bind`](crate::Error::Bind).
pub(crate) fn demand_free(bind: &str) -> Result {
    if Path::new(KEY_FILE).exists() {
        return Ok(());
    }
    let taken = |source| crate::Error::Bind {
        address: bind.to_owned(),
        source,
    };
    TcpListener::bind(bind).map(drop).map_err(taken)
}

/// Why the key of this folder is not the secret key, where there is one.
#[must_use]
pub fn why_it_does_not_count(loaded: &Loaded) -> Option<String> {
    let reason = if let Some(file) = loaded.file() {
        format!("there is the settings file {}", file.display())
    } else if loaded.sets("database.url") {
        "`database.url` is set".to_owned()
    } else {
        let bind = &loaded.settings().server.bind;
        format!("others than this machine can reach {bind}")
    };
    Path::new(KEY_FILE).exists().then(|| {
        format!(
            "{KEY_FILE} in this folder does not count: it is for first runs, where nothing is configured and this machine \
             alone is served, and {reason}; to use it all the same: export DOORWARD_SECRET_KEY=\"$(cat {KEY_FILE})\""
        )
    })
}

/// A new secret key: 50 characters of Django's alphabet (`django.core.management.utils.get_random_secret_key`).
#[must_use]
pub fn new() -> Secret<String> {
    const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)";
    Secret::new(random_string(&entropy::bytes::<200>(&SystemEntropy), ALPHABET))
}
