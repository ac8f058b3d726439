use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use doorward_auth::mail::{EmailMessage, MailError, Mailer, Undeliverable};
use doorward_core::answer::Answer;
use doorward_core::settings::SettingsError;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::message;

/// How long a mail server may take for each step.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends e-mails over SMTP, encrypted (`django.core.mail.backends.smtp.EmailBackend`).
///
/// `smtps://name:password@host` speaks TLS from the start; `smtp://host:587` demands STARTTLS, unless the host is this
/// machine. `?tls=none` or `?tls=opportunistic` say otherwise.
pub struct SmtpMailer(AsyncSmtpTransport<Tokio1Executor>);

impl SmtpMailer {
    /// A mailer to that address.
    ///
    /// # Errors
    /// [`SettingsError`] where it is none. The address may hold a password: it is not repeated.
    pub fn new(url: &str) -> Result<Self, SettingsError> {
        let url = encrypted(url);
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url).map_err(|_| {
            let problem = "it is no address of a mail server, such as smtps://name:password@mail.example.com";
            SettingsError::new("mail.url", problem)
        })?;
        Ok(Self(builder.timeout(Some(PATIENCE)).build()))
    }
}

impl Mailer for SmtpMailer {
    fn send<'a>(&'a self, email: &'a EmailMessage) -> Answer<'a, Result<(), MailError>> {
        Answer::pending(async move {
            let message = message(email).map_err(Undeliverable)?;
            match self.0.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(Undeliverable(error.into()).into()),
                Err(error) => Err(error.into()),
            }
        })
    }
}

impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpMailer")
    }
}

/// Encryption is demanded unless the address says otherwise.
fn encrypted(url: &str) -> String {
    match url.strip_prefix("smtp://") {
        Some(rest) if !rest.contains('?') && !is_this_machine(rest) => format!("{url}?tls=required"),
        _ => url.to_owned(),
    }
}

/// Whether the host between credentials and port is this machine.
fn is_this_machine(rest: &str) -> bool {
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encryption_is_demanded_but_of_this_machine() {
        for url in [
            "smtp://mail.example.com:587",
            "smtp://localhost@mail.example.com",
            "smtp://127.0.0.1.example.com",
        ] {
            assert_eq!(encrypted(url), format!("{url}?tls=required"));
        }
        for url in [
            "smtps://a:b@mail.example.com",
            "smtp://localhost:25",
            "smtp://a:b@127.0.0.1",
            "smtp://[::1]:25",
            "smtp://mail.example.com?tls=opportunistic",
        ] {
            assert_eq!(encrypted(url), url);
        }
    }

    #[test]
    fn what_is_no_address_is_told_without_its_password() {
        for url in [
            "smtp://",
            "smtps://a:hunter2@",
            "smtp://a:hunter2@host?tls=maybe",
            "ftp://hunter2",
        ] {
            let error = SmtpMailer::new(url).expect_err(url);
            assert_eq!(error.key(), "mail.url");
            assert!(!error.to_string().contains("hunter2"));
        }
    }
}
