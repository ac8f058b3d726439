//! The files of a key directory: each one whole at any moment, and open to its owner only.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

use doorward::command::Failure;
use doorward::django::jwt::KeyFile;
use doorward::keys::Draft;

/// A directory of keys, which may not be there yet.
pub(super) struct Directory(PathBuf);

impl Directory {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Every key, with the name of its file; none where there is no directory.
    pub(super) fn read(&self) -> Result<Vec<(String, KeyFile)>, Failure> {
        if matches!(fs::metadata(&self.0), Err(error) if error.kind() == io::ErrorKind::NotFound) {
            return Ok(Vec::new());
        }
        doorward::keys::directory_keys(&self.0).map_err(Failure::settings)
    }

    /// A new file for a new key; never in the place of another one.
    pub(super) fn create(&self, kid: &str, file: &KeyFile) -> Result<(), Failure> {
        check_name(kid)?;
        self.make()?;
        let path = self.0.join(format!("{kid}.key"));
        let made = Draft::write(&path, &file.to_text()).and_then(|draft| draft.publish(&path));
        made.map_err(|error| failed(&path, &error))
    }

    /// Takes away a key that was made by [`create`](Self::create).
    pub(super) fn remove(&self, kid: &str) -> Result<(), Failure> {
        let path = self.0.join(format!("{kid}.key"));
        fs::remove_file(&path).map_err(|error| failed(&path, &error))
    }

    /// The key in that file, changed.
    pub(super) fn replace(&self, name: &str, file: &KeyFile) -> Result<(), Failure> {
        let path = self.0.join(name);
        let made = Draft::write(&path, &file.to_text()).and_then(|draft| draft.replace(&path));
        made.map_err(|error| failed(&path, &error))
    }

    fn make(&self) -> Result<(), Failure> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.0).map_err(|error| failed(&self.0, &error))
    }
}

/// The name becomes one of a file.
fn check_name(kid: &str) -> Result<(), Failure> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if (1..=64).contains(&kid.len()) && kid.chars().all(is_plain) && !kid.starts_with('.') {
        return Ok(());
    }
    Err(Failure::command(
        "a key's name is 1 to 64 letters, digits, `-`, `_` and `.`, and starts with no dot",
    ))
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::command(format!("{}: {error}", path.display()))
}
