//! The secret key that a first run makes in its folder, and when it counts.

use std::path::Path;

use doorward::command::Failure;
use doorward::django::crypto::random_string;
use doorward::django::secret::Secret;
use doorward::entropy::{self, SystemEntropy};
use doorward::settings::Loaded;

use crate::secret_files;

/// The file with the secret key, in the working directory.
pub(crate) const FILE: &str = "doorward.key";

/// The key that a first run made in this folder, if there was one.
pub(crate) fn read() -> Result<Option<Secret<String>>, Failure> {
    secret_files::read(Path::new(FILE))
}

/// The key of this folder, which is made where it is missing.
pub(crate) fn read_or_make() -> Result<Secret<String>, Failure> {
    secret_files::read_or_make(Path::new(FILE), new)
}

/// Why the key of this folder is not the secret key, where there is one.
pub(crate) fn why_it_does_not_count(loaded: &Loaded) -> Option<String> {
    let reason = if let Some(file) = loaded.file() {
        format!("there is the settings file {}", file.display())
    } else if loaded.sets("database.url") {
        "`database.url` is set".to_owned()
    } else {
        let bind = &loaded.settings().server.bind;
        format!("others than this machine can reach {bind}")
    };
    Path::new(FILE).exists().then(|| {
        format!(
            "{FILE} in this folder does not count: it is for first runs, where nothing is configured and this machine \
             alone is served, and {reason}; to use it all the same: export DOORWARD_SECRET_KEY=\"$(cat {FILE})\""
        )
    })
}

/// 50 characters of Django's alphabet (`django.core.management.utils.get_random_secret_key`).
pub(crate) fn new() -> Secret<String> {
    const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)";
    Secret::new(random_string(&entropy::bytes::<200>(&SystemEntropy), ALPHABET))
}
