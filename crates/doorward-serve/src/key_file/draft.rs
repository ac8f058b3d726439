use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use doorward_core::entropy::{self, SystemEntropy};
use doorward_django::hex;
use doorward_django::secret::Secret;

/// A secret in a file that only its owner may open, not yet in its place: nobody ever sees half of it there.
///
/// Its name cannot be foretold, and it is made anew, so that no link or file that somebody put there is written to. It is
/// removed where it does not come to its place.
#[derive(Debug)]
pub struct Draft(PathBuf);

impl Draft {
    /// Writes it beside the place where it will stand, to the disk.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn write(path: &Path, text: &Secret<String>) -> io::Result<Self> {
        let name = hex::encode(&entropy::bytes::<16>(&SystemEntropy));
        let draft = Self(folder(path).join(format!(".{name}.draft")));
        let mut file = private().open(&draft.0)?;
        file.write_all(text.expose().as_bytes())?;
        file.sync_all()?;
        Ok(draft)
    }

    /// Puts it where nothing is yet.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`], or what else the operating system says.
    pub fn publish(self, path: &Path) -> io::Result<()> {
        fs::hard_link(&self.0, path)?;
        sync(path)
    }

    /// Puts it in the place of what is there; a link there is replaced, not followed.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn replace(self, path: &Path) -> io::Result<()> {
        fs::rename(&self.0, path)?;
        sync(path)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The folder that a path is in: the working directory, where it names none.
fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
fn sync(path: &Path) -> io::Result<()> {
    File::open(folder(path))?.sync_all()
}

/// Elsewhere folders are not opened.
#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}
