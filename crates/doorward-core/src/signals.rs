//! What happened, for whoever wants to know (`django.contrib.auth.signals`, made typed events).
//!
//! An [`Event`] is sent where Django sends a signal, and at a few places of our own. [`Subscriber`]s are named before
//! the door opens, and asked in their order, after what happened has been written. None can break a request: one that
//! fails or panics is a line in the log. An event holds no secret: no password, no hash, no token, no session key.
//!
//! ```
//! use doorward_core::Door;
//! use doorward_core::settings::Settings;
//! use doorward_core::signals::Event;
//! # let mut settings = Settings::default();
//! # settings.secret_key = "a secret key for this example, long enough".to_owned().into();
//! # let stores = doorward_testing::TestDatabase::new().stores();
//!
//! let door = Door::builder(settings.with_apps(&doorward_auth::apps()), stores)
//!     .on(|event| if let Event::LoggedIn { user } = event {
//!         println!("{} logged in", user.username);
//!     })
//!     .build()?;
//! # Ok::<_, doorward_core::settings::SettingsErrors>(())
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use doorward_django::client_ident::ClientIdent;
use doorward_django::jwt::TokenType;
use doorward_django::timestamp::Timestamp;
use futures_util::FutureExt;

use crate::answer::Answer;
use crate::door::Door;
use crate::user::{UserId, UserRow};

/// Something that happened to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A session was opened (`user_logged_in`).
    LoggedIn {
        /// Whose it is.
        user: Account,
    },
    /// A session was ended (`user_logged_out`).
    LoggedOut {
        /// Whose it was; `None` where nobody had logged in.
        user: Option<Account>,
    },
    /// No backend knew the credentials, or one denied them (`user_login_failed`).
    LoginFailed {
        /// What was sent; a field that may hold a secret holds asterisks.
        credentials: BTreeMap<String, String>,
        /// The machine or network it came from, as throttles count it; `None` where that is not known.
        address: Option<ClientIdent>,
    },
    /// Too many logins failed: no password is checked until the lock ends (`[lockout]`). It is told once, when the
    /// lock begins.
    LockedOut {
        /// The name that was sent, whether or not somebody has it, cut and escaped; `None` where an address is locked.
        account: Option<String>,
        /// The address or network, as throttles count it; `None` where strangers are locked wherever they are.
        address: Option<String>,
        /// When it ends.
        until: Timestamp,
    },
    /// An account was made (`post_save` of a user, `created`).
    UserCreated {
        /// The new account.
        user: Account,
    },
    /// A password was set, by its user or for it. The upgrade of a hash is none.
    PasswordChanged {
        /// Whose it is.
        user: Account,
    },
    /// A token was handed out for the first time: an opaque one, a refresh token, a sliding token. Access tokens, which
    /// each refresh gives, are not told of.
    TokenIssued {
        /// Whose it is.
        user: Account,
        /// Which one.
        token: TokenName,
    },
    /// A token was taken back before its end; a refresh token with its family, where it has one. One that rotated gave
    /// way to its successor: that is none.
    TokenRevoked {
        /// Whose it was; `None` where the user is gone or unknown.
        user: Option<Account>,
        /// Which one.
        token: TokenName,
    },
}

impl Event {
    /// The event's name, for logs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::LoggedIn { .. } => "LoggedIn",
            Self::LoggedOut { .. } => "LoggedOut",
            Self::LoginFailed { .. } => "LoginFailed",
            Self::LockedOut { .. } => "LockedOut",
            Self::UserCreated { .. } => "UserCreated",
            Self::PasswordChanged { .. } => "PasswordChanged",
            Self::TokenIssued { .. } => "TokenIssued",
            Self::TokenRevoked { .. } => "TokenRevoked",
        }
    }

    /// A login that failed, with what was sent, cleansed.
    #[must_use]
    pub fn login_failed<'c>(
        credentials: impl IntoIterator<Item = (&'c str, &'c str)>,
        address: Option<ClientIdent>,
    ) -> Self {
        let credentials = credentials.into_iter().map(cleansed);
        Self::LoginFailed {
            credentials: credentials.collect(),
            address,
        }
    }
}

/// Whom an event is about: what may be told of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The primary key.
    pub id: UserId,
    /// The user name.
    pub username: String,
    /// The e-mail address; may be empty.
    pub email: String,
}

impl From<&UserRow> for Account {
    fn from(user: &UserRow) -> Self {
        Self {
            id: user.id.clone(),
            username: user.username.clone(),
            email: user.email.clone(),
        }
    }
}

/// A token as an event names it, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenName {
    /// The user's one opaque token.
    Opaque,
    /// A JSON web token.
    Jwt {
        /// Its type.
        token_type: TokenType,
        /// Its id, as it stands in the blacklist's tables.
        jti: Option<String>,
    },
    /// Every JSON web token of the user.
    EveryJwt,
}

/// What a subscriber could not do.
pub type SubscriberError = Box<dyn Error + Send + Sync>;

/// Hears of every [`Event`] of a door.
///
/// The request waits for it: what takes long is spawned. To change what happens, implement the room's trait instead;
/// a subscriber only hears of it.
pub trait Subscriber: Send + Sync {
    /// Hears of one event.
    fn receive<'a>(&'a self, door: &'a Door, event: &'a Event) -> Answer<'a, Result<(), SubscriberError>>;
}

/// A closure that hears of events at once (`@receiver`).
pub(crate) struct Listener<F>(pub(crate) F);

impl<F: Fn(&Event) + Send + Sync> Subscriber for Listener<F> {
    fn receive<'a>(&'a self, _: &'a Door, event: &'a Event) -> Answer<'a, Result<(), SubscriberError>> {
        (self.0)(event);
        Answer::ready(Ok(()))
    }
}

/// Who hears of a door's events, in order.
pub(crate) struct Subscribers(pub(crate) Vec<Arc<dyn Subscriber>>);

impl Door {
    /// Tells every subscriber what happened; for paths of one's own. None of them can make it fail.
    pub async fn emit(&self, event: &Event) {
        send(self, &self.required_slot::<Subscribers>().0, event).await;
    }
}

/// Tells every subscriber, whatever becomes of the one before (`Signal.send_robust`).
async fn send(door: &Door, subscribers: &[Arc<dyn Subscriber>], event: &Event) {
    for subscriber in subscribers {
        let received = async { subscriber.receive(door, event).await };
        match AssertUnwindSafe(received).catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::error!(event = event.name(), error.cause = %error, "a subscriber failed");
            }
            Err(_) => tracing::error!(event = event.name(), "a subscriber panicked"),
        }
    }
}

/// `django.contrib.auth._clean_credentials`: secrets are told by the names of their fields.
fn cleansed((field, value): (&str, &str)) -> (String, String) {
    const SENSITIVE: [&str; 6] = ["api", "token", "key", "secret", "password", "signature"];
    let name = field.to_ascii_lowercase();
    let value = match SENSITIVE.iter().any(|word| name.contains(word)) {
        true => "*".repeat(20),
        false => value.to_owned(),
    };
    (field.to_owned(), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_secret_is_hidden_as_django_hides_it() {
        let sent = [
            ("username", "alice"),
            ("password", "hunter2"),
            ("API_Key", "k"),
            ("otp_TOKEN", "1"),
            ("remote_user", "bob"),
        ];
        let Event::LoginFailed { credentials, .. } = Event::login_failed(sent, None) else {
            unreachable!("that is what was made")
        };
        let stars = "*".repeat(20);
        let shown: Vec<_> = credentials
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        let expected = [
            ("API_Key", stars.as_str()),
            ("otp_TOKEN", &stars),
            ("password", &stars),
            ("remote_user", "bob"),
            ("username", "alice"),
        ];
        assert_eq!(shown, expected);
    }
}
