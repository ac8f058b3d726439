//! Reading the key files that the settings name.

use std::path::Path;

use doorward_core::settings::{
    JwtKeySettings, KeyDirectory, SecretFile, Settings, SettingsError, SettingsErrors,
};
use doorward_django::jwt::KeyFile;
use doorward_django::secret::Secret;

use doorward_serve::key_file::{self, Holds};

/// Reads every key file that the settings name, and notes in them what was read.
///
/// [`Loader`](crate::settings::Loader), [`Doorward`](crate::Doorward) and [`ResourceServer`](crate::ResourceServer)
/// do this; it is for who makes a [`Door`](crate::Door) by other means.
///
/// # Errors
/// [`SettingsErrors`] names the setting of each file that cannot be read, and tells what is wrong with it and how to
/// mend it.
pub fn read(settings: &mut Settings) -> Result<(), SettingsErrors> {
    let jwt = &mut settings.jwt;
    let signing = fill(
        "jwt.signing_key_file",
        jwt.signing_key_file.as_mut(),
        Holds::Secret,
    );
    let verifying = fill(
        "jwt.verifying_key_file",
        jwt.verifying_key_file.as_mut(),
        Holds::PublicKey,
    );
    let listed = jwt.keys.iter_mut().enumerate().map(|(index, key)| {
        fill_listed(key).map_err(|error| {
            SettingsError::new("jwt.keys", format!("key {}: {}", index + 1, error.problem()))
        })
    });
    let directory = jwt.key_directory.iter_mut().map(fill_directory);
    let read = [signing, verifying].into_iter().chain(listed).chain(directory);
    SettingsErrors::none_in(read.filter_map(Result::err))
}

fn fill_listed(key: &mut JwtKeySettings) -> Result<(), SettingsError> {
    fill("jwt.keys", key.signing_key_file.as_mut(), Holds::Secret)?;
    fill("jwt.keys", key.verifying_key_file.as_mut(), Holds::PublicKey)
}

fn fill_directory(directory: &mut KeyDirectory) -> Result<(), SettingsError> {
    let failed = |problem| SettingsError::new("jwt.key_directory", problem);
    directory.fill(directory_keys(directory.path()).map_err(failed)?);
    Ok(())
}

fn fill(setting: &str, file: Option<&mut SecretFile>, holds: Holds) -> Result<(), SettingsError> {
    if let Some(file) = file {
        let text = key_file::read(file.path(), holds);
        file.fill(text.map_err(|problem| SettingsError::new(setting, problem))?);
    }
    Ok(())
}

/// The text of a file that holds a secret.
///
/// # Errors
/// What is wrong: a file that is missing, open to others, empty, or no regular file.
pub fn secret_file(path: &Path) -> Result<Secret<String>, String> {
    key_file::read(path, Holds::Secret)
}

/// The keys of a directory, each with the name of its file, in the order of the names.
///
/// Only files that end in `.key` or `.pem` and do not begin with a dot are keys.
///
/// # Errors
/// What is wrong, and with which file.
pub fn directory_keys(directory: &Path) -> Result<Vec<(String, KeyFile)>, String> {
    let names = key_file::names(directory)?;
    names
        .into_iter()
        .map(|name| {
            let path = directory.join(&name);
            let text = key_file::read(&path, Holds::Secret)?;
            let file =
                KeyFile::parse(text.expose()).map_err(|error| format!("{}: {error}", path.display()))?;
            Ok((name, file))
        })
        .collect()
}
