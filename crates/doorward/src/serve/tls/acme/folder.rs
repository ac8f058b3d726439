//! The folder that keeps what an authority gave: ours alone, and each file whole or not there.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;

use doorward_core::settings::AcmeSettings;
use doorward_django::secret::Secret;

use super::Failure;
use crate::keys;

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
        let read = move || path.exists().then(|| keys::secret_file(&path)).transpose();
        Ok(tokio::task::spawn_blocking(read).await??)
    }

    async fn keep(&self, path: PathBuf, text: String) -> Result<(), Failure> {
        let (folder, text) = (self.path.clone(), Secret::new(text));
        let failed = format!("{}", path.display());
        let write = move || make(&folder).and_then(|()| write(&path, &text));
        let written = tokio::task::spawn_blocking(write).await?;
        written.map_err(|error| format!("{failed}: {error}").into())
    }
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn write(path: &Path, text: &Secret<String>) -> io::Result<()> {
    let draft = path.with_extension(format!("{}.draft", process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(text.expose().as_bytes())?;
    file.sync_all()?;
    fs::rename(draft, path)
}
