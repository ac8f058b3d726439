//! Files that hold secrets: whether others than their owner and its group can open them.

use std::path::{Path, PathBuf};

use doorward::checks::{CheckMessage, Level};
use doorward::command::Failure;
use doorward::first_run::{KEY_FILE, PASSWORD_FILE};
use doorward::settings::{SecretFile, Settings};

use crate::options::Common;
use crate::{database_file, settings};

/// A message for each file with secrets that everyone on this machine can read or write.
pub(super) fn check(common: &Common, settings: &Settings) -> Result<Vec<CheckMessage>, Failure> {
    let loaded = settings::loader(common).read()?;
    let files = loaded.file().map(Path::to_owned).into_iter();
    let files = files.chain([KEY_FILE, PASSWORD_FILE].map(PathBuf::from));
    let files = files.chain(database_files(settings)).chain(key_files(settings));
    Ok(files
        .filter(|path| is_open(path))
        .map(|path| told(&path))
        .collect())
}

/// With what stands beside it while it is open (`https://sqlite.org/tempfiles.html`).
fn database_files(settings: &Settings) -> impl Iterator<Item = PathBuf> {
    let beside = |path: PathBuf| {
        ["", "-wal", "-shm", "-journal"].map(|end| {
            let mut name = path.clone().into_os_string();
            name.push(end);
            PathBuf::from(name)
        })
    };
    database_file::path(settings).into_iter().flat_map(beside)
}

/// Public keys are no secret.
fn key_files(settings: &Settings) -> impl Iterator<Item = PathBuf> {
    let jwt = &settings.jwt;
    let named = jwt.keys.iter().filter_map(|key| key.signing_key_file.as_ref());
    let named = named.chain(&jwt.signing_key_file).map(SecretFile::path);
    let tls = settings.server.tls_key.iter().chain(&settings.redis.tls_key);
    let tls = tls.map(PathBuf::from);
    named.map(Path::to_owned).chain(tls).chain(in_directory(settings))
}

fn in_directory(settings: &Settings) -> impl Iterator<Item = PathBuf> {
    let directory = settings.jwt.key_directory.iter();
    directory.flat_map(|directory| {
        let files = directory.files().unwrap_or_default().iter();
        let files = files.map(|(name, _)| directory.path().join(name));
        files.chain([directory.path().to_owned()])
    })
}

fn told(path: &Path) -> CheckMessage {
    let path = path.display();
    let message = format!("everyone on this machine can open {path}, which holds secrets");
    let hint = format!("chmod o= {path}");
    CheckMessage::new("doorward.W004", Level::Warning, message, hint)
}

/// Whether it is there, and others than its owner and its group may do anything with it.
#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let metadata = std::fs::metadata(path);
    metadata.is_ok_and(|metadata| metadata.permissions().mode() & 0o007 != 0)
}

/// Elsewhere rights are not told by a mode.
#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}
