//! [`Mailer`]: how a message is sent (`django.core.mail`).
//!
//! The door writes e-mails, and somebody else carries them: [`LogMailer`] into the log, for development; the crate
//! `doorward-mail` over SMTP or into files; or a type of yours.

mod app;
mod ext;
mod outbox;
mod settings;

use std::error::Error;
use std::fmt::{self, Debug};

use doorward_core::answer::Answer;
use doorward_django::secret::Secret;

pub(crate) use app::Mail;
pub use ext::{MailBuilderExt, MailDoorExt};
pub(crate) use outbox::{Outbox, outbox};
pub use settings::MailSettings;

/// An e-mail to one reader, as plain text.
#[derive(Clone)]
#[non_exhaustive]
pub struct EmailMessage {
    /// Whom it is from, such as `Shop <noreply@example.com>`.
    pub from: String,
    /// The address that it goes to.
    pub to: String,
    /// The subject, on one line.
    pub subject: String,
    /// The text; it may hold a link that opens an account.
    pub body: Secret<String>,
}

impl EmailMessage {
    /// An e-mail.
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

impl Debug for EmailMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailMessage(…)")
    }
}

/// Why an e-mail was not sent; for the log, never for a client.
pub type MailError = Box<dyn Error + Send + Sync>;

/// Why an e-mail will never be sent, however often it is tried: the mail server refused it for good (RFC 5321 §4.2.1,
/// `5yz`), or it cannot be written. A [`Mailer`] answers with it where it knows; what it says otherwise is tried again.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Undeliverable(#[source] pub MailError);

/// Carries e-mails (`django.core.mail.backends.base.BaseEmailBackend`).
pub trait Mailer: Debug + Send + Sync {
    /// Sends one e-mail. It should give up after some seconds; the e-mail is then tried again later, unless the failure is
    /// [`Undeliverable`].
    fn send<'a>(&'a self, email: &'a EmailMessage) -> Answer<'a, Result<(), MailError>>;
}

/// Writes e-mails into the log, links and all: for development only, where the settings say `debug`
/// (`django.core.mail.backends.console`).
#[derive(Clone, Copy, Debug, Default)]
pub struct LogMailer;

impl Mailer for LogMailer {
    fn send<'a>(&'a self, email: &'a EmailMessage) -> Answer<'a, Result<(), MailError>> {
        tracing::info!(
            mail.to = email.to,
            mail.subject = email.subject,
            "an e-mail, not sent:\n{}",
            email.body.expose()
        );
        Answer::ready(Ok(()))
    }
}

/// Whether e-mails go into the log.
pub(crate) fn is_log(url: &Secret<String>) -> bool {
    url.expose() == "log:"
}
