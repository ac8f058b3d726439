use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use doorward_auth::mail::{EmailMessage, MailError, Mailer, Undeliverable};
use doorward_core::answer::Answer;

use super::message;

/// Puts e-mails into a folder, a file each, which only its owner may read
/// (`django.core.mail.backends.filebased.EmailBackend`).
#[derive(Debug)]
pub struct FileMailer {
    folder: PathBuf,
    next: AtomicU64,
}

impl FileMailer {
    /// A mailer into that folder, which is made when the first e-mail comes.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            next: AtomicU64::new(1),
        }
    }

    fn path(&self) -> PathBuf {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.folder.join(format!("{number:06}.eml"))
    }
}

impl Mailer for FileMailer {
    fn send<'a>(&'a self, email: &'a EmailMessage) -> Answer<'a, Result<(), MailError>> {
        Answer::pending(async move {
            // An e-mail is a few hundred bytes; nobody waits for it but the task that sends it.
            Ok(self.write(&message(email).map_err(Undeliverable)?.formatted())?)
        })
    }
}

impl FileMailer {
    /// Writes under the first number that is free: another process may write into the same folder.
    fn write(&self, text: &[u8]) -> io::Result<()> {
        make(&self.folder)?;
        loop {
            match create(&self.path()) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                created => return created?.write_all(text),
            }
        }
    }
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn create(path: &Path) -> io::Result<std::fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
