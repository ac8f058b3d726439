//! [`Mailer`]: how a letter leaves the house (`django.core.mail`).
//!
//! The door writes letters, and somebody else carries them: [`LogMailer`] into the log, for development; the crate
//! `doorward-mail` over SMTP or into files; or a type of yours.

use std::error::Error;
use std::fmt::{self, Debug};
use std::sync::Arc;

use doorward_django::secret::Secret;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::answer::Answer;
use crate::settings::{MailSettings, SettingsError};

/// How many letters may be on their way at once.
const LETTERS: usize = 64;

/// A letter to one reader, as plain text.
#[derive(Clone)]
#[non_exhaustive]
pub struct Letter {
    /// Whom it is from, such as `Shop <noreply@example.com>`.
    pub from: String,
    /// The address that it goes to.
    pub to: String,
    /// The subject, on one line.
    pub subject: String,
    /// The text; it may hold a link that opens an account.
    pub body: Secret<String>,
}

impl Letter {
    /// A letter.
    pub fn new(
        from: impl Into<String>,
        to: impl Into<String>,
        subject: impl Into<String>,
        body: Secret<String>,
    ) -> Self {
        Self {
            from: from.into(),
            to: to.into(),
            subject: subject.into(),
            body,
        }
    }
}

impl Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Letter(…)")
    }
}

/// Why a letter was not sent; for the log, never for a client.
pub type MailError = Box<dyn Error + Send + Sync>;

/// Carries letters (`django.core.mail.backends.base.BaseEmailBackend`).
pub trait Mailer: Debug + Send + Sync {
    /// Sends one letter. It should give up after some seconds.
    fn send<'a>(&'a self, letter: &'a Letter) -> Answer<'a, Result<(), MailError>>;
}

/// Writes letters into the log, links and all: for development only, where the settings say `debug`
/// (`django.core.mail.backends.console`).
#[derive(Clone, Copy, Debug, Default)]
pub struct LogMailer;

impl Mailer for LogMailer {
    fn send<'a>(&'a self, letter: &'a Letter) -> Answer<'a, Result<(), MailError>> {
        tracing::info!(
            mail.to = letter.to,
            mail.subject = letter.subject,
            "a letter, not sent:\n{}",
            letter.body.expose()
        );
        Answer::ready(Ok(()))
    }
}

/// The mailer of a door, and how many letters it has on their way.
pub(crate) struct PostOffice {
    mailer: Option<Arc<dyn Mailer>>,
    places: Arc<Semaphore>,
}

impl PostOffice {
    /// With the mailer that was given, or else the one of the settings.
    pub(crate) fn new(
        given: Option<Arc<dyn Mailer>>,
        settings: &MailSettings,
    ) -> Result<Self, SettingsError> {
        let mailer = match (given, &settings.url) {
            (Some(mailer), _) => Some(mailer),
            (None, None) => None,
            (None, Some(url)) if is_log(url) => Some(Arc::new(LogMailer) as Arc<dyn Mailer>),
            (None, Some(_)) => {
                let problem = "nothing here can send that way; build with the feature `mail`, or give the door a mailer";
                return Err(SettingsError::new("mail.url", problem));
            }
        };
        let places = Arc::new(Semaphore::new(LETTERS));
        Ok(Self { mailer, places })
    }

    pub(crate) fn mailer(&self) -> Option<&Arc<dyn Mailer>> {
        self.mailer.as_ref()
    }

    /// A place for one more letter; `None` where too many are on their way.
    pub(crate) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }
}

/// Whether letters go into the log.
pub(crate) fn is_log(url: &Secret<String>) -> bool {
    url.expose() == "log:"
}
