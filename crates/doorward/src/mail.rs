//! E-mails over SMTP and into files: what `[mail] url` names.
//!
//! [`Doorward`](crate::Doorward) does this by itself; [`mailer`] is for who makes a [`Door`](crate::Door) by other
//! means.

mod file;
mod smtp;

use std::sync::Arc;

pub use doorward_auth::mail::{EmailMessage, LogMailer, MailError, MailSettings, Mailer, Undeliverable};
use doorward_core::settings::SettingsError;
use lettre::Message;
use lettre::message::Mailbox;

pub use file::FileMailer;
pub use smtp::SmtpMailer;

/// The mailer that the settings name; `None` where they name none, or the log, which needs none.
///
/// # Errors
/// [`SettingsError`] for an address that cannot be sent to, or from.
pub fn mailer(settings: &MailSettings) -> Result<Option<Arc<dyn Mailer>>, SettingsError> {
    let Some(url) = &settings.url else {
        return Ok(None);
    };
    let url = url.expose();
    if url == "log:" {
        return Ok(None);
    }
    if settings.from.parse::<Mailbox>().is_err() {
        let problem = "it is no address, such as `Shop <noreply@example.com>`";
        return Err(SettingsError::new("mail.from", problem));
    }
    Ok(Some(match url.strip_prefix("file:") {
        Some(folder) => Arc::new(FileMailer::new(folder)),
        None => Arc::new(SmtpMailer::new(url)?),
    }))
}

/// The e-mail as it goes over the wire (RFC 5322).
fn message(email: &EmailMessage) -> Result<Message, MailError> {
    let message = Message::builder()
        .from(email.from.parse()?)
        .to(email.to.parse()?)
        .subject(email.subject.as_str())
        .message_id(None)
        .body(email.body.expose().clone())?;
    Ok(message)
}
