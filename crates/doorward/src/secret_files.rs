//! Files with one secret each: made whole and at once, readable by their owner only, never overwritten.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use doorward_django::secret::Secret;
use doorward_serve::key_file::Draft;

use crate::{Error, Result};

/// More than any key; a larger file is something else.
const LARGEST: u64 = 4096;

/// The secret in a file; `None` where there is no such file.
///
/// # Errors
/// [`Error::SecretFile`]: what is wrong with the file, and what to do about it.
pub fn read(path: &Path) -> Result<Option<Secret<String>>> {
    let about = match fs::symlink_metadata(path) {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refused(path, &error.to_string())),
    };
    check(path, &about)?;
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST).read_to_string(&mut text))
        .map_err(|error| refused(path, &error.to_string()))?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(refused(path, "it is empty; remove it, and a new one is made")),
        secret => Ok(Some(Secret::new(secret.to_owned()))),
    }
}

/// The secret in a file, which is made where it is missing; whoever makes it first wins.
///
/// # Errors
/// As [`read`]; also where the file cannot be made.
pub fn read_or_make(path: &Path, new: impl FnOnce() -> Secret<String>) -> Result<Secret<String>> {
    if let Some(secret) = read(path)? {
        return Ok(secret);
    }
    match make(path, &new()) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(refused(path, &error.to_string())),
    }
    read(path)?.ok_or_else(|| refused(path, "it vanished as soon as it was made"))
}

fn make(path: &Path, secret: &Secret<String>) -> io::Result<()> {
    let line = Secret::new(format!("{}\n", secret.expose()));
    Draft::write(path, &line)?.publish(path)
}

/// A secret is in a file of its own that nobody else reads.
fn check(path: &Path, about: &fs::Metadata) -> Result {
    if !about.is_file() {
        return Err(refused(path, "it is no regular file"));
    }
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o077 != 0 {
        let name = path.display();
        return Err(refused(
            path,
            &format!("others may read it; run `chmod 600 {name}`"),
        ));
    }
    Ok(())
}

fn refused(path: &Path, problem: &str) -> Error {
    Error::SecretFile {
        path: path.to_owned(),
        problem: problem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret<String> {
        Secret::new("hunter2".to_owned())
    }

    #[test]
    fn a_secret_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        assert!(read(&path).unwrap().is_none());
        assert_eq!(read_or_make(&path, secret).unwrap().expose(), "hunter2");
        let again = read_or_make(&path, || Secret::new("other".to_owned())).unwrap();
        assert_eq!(again.expose(), "hunter2");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, "kept").unwrap();
        assert!(make(&path, &secret()).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "kept");
    }

    #[test]
    fn why_a_file_was_not_made_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let error = make(&folder.path().join("none").join("key"), &secret()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn what_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        read_or_make(&path, secret).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("chmod 600"));
    }

    #[cfg(unix)]
    #[test]
    fn links_folders_and_empty_files_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        read_or_make(&target, secret).unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(read(&link).is_err());
        assert!(read(folder.path()).is_err());
        let empty = folder.path().join("empty");
        make(&empty, &Secret::new(String::new())).unwrap();
        assert!(read(&empty).unwrap_err().to_string().contains("empty"));
    }
}
