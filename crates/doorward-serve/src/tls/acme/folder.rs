//! The folder that keeps what an authority gave: ours alone, and each file whole or not there.

use std::fs::{self, DirBuilder, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use doorward_core::settings::AcmeSettings;
use doorward_django::secret::Secret;

use super::Failure;
use crate::key_file::{self, Draft, Holds};

#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
    account: PathBuf,
}

impl Folder {
    pub(super) fn new(settings: &AcmeSettings) -> Self {
        let path = PathBuf::from(&settings.cache_dir);
        let authority: String = settings
            .directory
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        Self {
            account: path.join(format!("account-{authority}.json")),
            path,
        }
    }

    /// The file with the certificate, its chain and its key: one, so that they always fit.
    pub(super) fn certificate(&self) -> PathBuf {
        self.path.join("certificate.pem")
    }

    pub(super) async fn keep_certificate(&self, pem: String) -> Result<(), Failure> {
        self.keep(self.certificate(), pem).await
    }

    pub(super) async fn keep_account(&self, json: String) -> Result<(), Failure> {
        self.keep(self.account.clone(), json).await
    }

    /// The account with this authority, where there is one.
    pub(super) async fn account(&self) -> Result<Option<Secret<String>>, Failure> {
        let path = self.account.clone();
        let read = move || {
            path.exists()
                .then(|| key_file::read(&path, Holds::Secret))
                .transpose()
        };
        Ok(tokio::task::spawn_blocking(read).await??)
    }

    async fn keep(&self, path: PathBuf, text: String) -> Result<(), Failure> {
        let (folder, text) = (self.clone(), Secret::new(text));
        let written = tokio::task::spawn_blocking(move || folder.write(&path, &text)).await?;
        Ok(written?)
    }

    fn write(&self, path: &Path, text: &Secret<String>) -> Result<(), String> {
        self.make()?;
        let written = Draft::write(path, text).and_then(|draft| draft.replace(path));
        written.map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Makes the folder where it is missing. It blocks.
    ///
    /// # Errors
    /// What is wrong, such as a folder that others may write: they could put a certificate of their own there.
    pub(super) fn make(&self) -> Result<(), String> {
        let name = self.path.display();
        let failed = |error: io::Error| format!("{name}: {error}");
        builder().create(&self.path).map_err(failed)?;
        let about = fs::metadata(&self.path).map_err(failed)?;
        match is_open(&about) {
            true => Err(format!("{name}: others may write there; run `chmod 700 {name}`")),
            false => Ok(()),
        }
    }
}

fn builder() -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Whether others than its owner may put files there; the sticky bit keeps them from taking one's place, not from that.
#[cfg(unix)]
fn is_open(about: &Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o022 != 0
}

/// Elsewhere rights are not told by a mode.
#[cfg(not(unix))]
fn is_open(_: &Metadata) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn secret() -> Secret<String> {
        Secret::new("hunter2".to_owned())
    }

    fn folder(path: &Path) -> Folder {
        let mut settings = AcmeSettings::default();
        settings.cache_dir = path.display().to_string();
        Folder::new(&settings)
    }

    #[test]
    fn what_is_kept_is_ours_alone() {
        let place = tempfile::tempdir().unwrap();
        let folder = folder(&place.path().join("a/b"));
        let path = folder.certificate();
        for _ in 0..2 {
            folder.write(&path, &secret()).unwrap();
        }
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder.path), mode(&path)), (0o700, 0o600));
        assert_eq!(fs::read_to_string(&path).unwrap(), "hunter2");
        assert_eq!(fs::read_dir(&folder.path).unwrap().count(), 1, "no draft stays");
    }

    #[test]
    fn a_folder_that_others_may_write_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let folder = folder(place.path());
        for mode in [0o777, 0o1777, 0o770, 0o702] {
            fs::set_permissions(place.path(), fs::Permissions::from_mode(mode)).unwrap();
            let refused = folder.write(&folder.certificate(), &secret()).unwrap_err();
            assert!(refused.contains("chmod 700"), "{mode:o}: {refused}");
            assert!(!folder.certificate().exists(), "{mode:o}");
        }
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let place = tempfile::tempdir().unwrap();
        let folder = folder(&place.path().join("ours"));
        folder.make().unwrap();
        let target = place.path().join("target");
        fs::write(&target, "untouched").unwrap();
        symlink(&target, folder.certificate()).unwrap();
        folder.write(&folder.certificate(), &secret()).unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "untouched");
        assert!(!fs::symlink_metadata(folder.certificate()).unwrap().is_symlink());
    }
}
