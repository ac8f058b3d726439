//! [`Outbox`]: e-mails on their way, and those that wait for another try.

use std::sync::Arc;
use std::time::Duration;

use doorward_core::door::Door;
use doorward_core::settings::SettingsError;
use doorward_core::user::UserId;
use metrics::counter;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::{EmailMessage, LogMailer, MailError, MailSettings, Mailer, Undeliverable, is_log};

/// How many e-mails may be on their way at once.
const EMAILS: usize = 64;

/// How many e-mails may wait for another try. One is about a thousand bytes.
const WAITING: usize = 1000;

/// How long an e-mail waits before each further try; then it is given up, some fifty minutes old.
const WAITS: [Duration; 6] = [
    Duration::from_secs(2),
    Duration::from_secs(10),
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(30 * 60),
];

/// The mailer of a door, and how many e-mails it has on their way.
pub(crate) struct Outbox {
    mailer: Option<Arc<dyn Mailer>>,
    from: String,
    /// The page that takes a new password, with `{uid}` and `{token}` in it.
    reset_url: Option<String>,
    places: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    closing: watch::Sender<bool>,
}

/// The outbox of a door; `None` where it was assembled without the app [`Mail`](super::Mail).
pub(crate) fn outbox(door: &Door) -> Option<&Outbox> {
    door.opened()
}

impl Outbox {
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
        Ok(Self {
            mailer,
            from: settings.from.clone(),
            reset_url: settings.reset_url.clone(),
            places: Arc::new(Semaphore::new(EMAILS)),
            waiting: Arc::new(Semaphore::new(WAITING)),
            closing: watch::Sender::new(false),
        })
    }

    /// What e-mails with links for new passwords need, the outbox and its mailer and the page that takes the password; `None`
    /// where one of them is missing.
    pub(crate) fn for_links(&self) -> Option<(&Self, &Arc<dyn Mailer>, &str)> {
        Some((self, self.mailer.as_ref()?, self.reset_url.as_deref()?))
    }

    /// Whom e-mails are from (`DEFAULT_FROM_EMAIL`).
    pub(crate) fn from(&self) -> &str {
        &self.from
    }

    /// A place for one more e-mail; `None` where too many are on their way.
    pub(crate) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    /// Sends an e-mail to that user. Where it cannot be sent now it waits for another try, and nobody waits for it.
    pub(crate) async fn send(&self, mailer: &Arc<dyn Mailer>, user: &UserId, email: EmailMessage) {
        let errand = Errand {
            mailer: Arc::clone(mailer),
            user: user.clone(),
            email,
        };
        let Err(error) = errand.run().await else {
            return errand.sent();
        };
        match Arc::clone(&self.waiting).try_acquire_owned() {
            Ok(place) if !error.is::<Undeliverable>() => {
                tokio::spawn(errand.again(error, place, self.closing.subscribe()));
            }
            _ => errand.given_up(&error),
        }
    }

    /// Tries every e-mail that waits once more, and waits for all that are on their way.
    pub(crate) async fn close(&self) {
        self.closing.send_replace(true);
        let _ = self.places.acquire_many(EMAILS as u32).await;
        let _ = self.waiting.acquire_many(WAITING as u32).await;
    }
}

/// An e-mail and how it goes. Its lines in the log name the user by the key, never by the address.
struct Errand {
    mailer: Arc<dyn Mailer>,
    user: UserId,
    email: EmailMessage,
}

impl Errand {
    async fn run(&self) -> Result<(), MailError> {
        self.mailer.send(&self.email).await
    }

    /// Tries until it is sent, refused for good, or too old; when the door closes, once more and no further.
    async fn again(
        self,
        mut error: MailError,
        place: OwnedSemaphorePermit,
        mut closing: watch::Receiver<bool>,
    ) {
        for wait in WAITS {
            self.tries_again(&error, wait);
            let is_last = tokio::select! {
                () = tokio::time::sleep(wait) => false,
                _ = closing.wait_for(|closing| *closing) => true,
            };
            error = match self.run().await {
                Ok(()) => return self.sent(),
                Err(error) => error,
            };
            if is_last || error.is::<Undeliverable>() {
                break;
            }
        }
        self.given_up(&error);
        drop(place);
    }

    fn sent(&self) {
        count("sent");
        tracing::info!(user.id = %self.user, "an e-mail was sent");
    }

    fn tries_again(&self, error: &MailError, wait: Duration) {
        count("retried");
        let (cause, wait_s) = (self.cause(error), wait.as_secs());
        tracing::warn!(user.id = %self.user, error.cause = cause, wait_s, "an e-mail was not sent, and is tried again");
    }

    fn given_up(&self, error: &MailError) {
        count("given_up");
        tracing::error!(user.id = %self.user, error.cause = self.cause(error), "an e-mail was not sent, and is given up");
    }

    /// What went wrong, without the address: mail servers repeat it.
    fn cause(&self, error: &MailError) -> String {
        error.to_string().replace(&self.email.to, "…")
    }
}

fn count(outcome: &'static str) {
    counter!("doorward_emails_total", "outcome" => outcome).increment(1);
}
