//! [`ForgetOrigins`]: a new password makes strangers of those who knew the old one.

use std::sync::Arc;

use doorward_core::signals::{Account, Event, Subscriber, SubscriberError};
use doorward_core::stores::StoreError;
use doorward_core::{Answer, Door};

use super::accounts::Accounts;
use super::counters::Settlement;
use super::origin::Origin;
use super::rules::Lockout;
use super::store::LoginAttempts;

/// No device and no network is known any more to a user whose password changed, nor to its name and address, where a backend of the
/// door tells of no users beforehand.
///
/// Whoever knew the old password could have made any number of devices known, and each would have a counter of its own.
pub(super) struct ForgetOrigins(pub(super) Arc<Lockout>);

impl Subscriber for ForgetOrigins {
    fn receive<'a>(&'a self, door: &'a Door, event: &'a Event) -> Answer<'a, Result<(), SubscriberError>> {
        match event {
            Event::PasswordChanged { user } => Answer::pending(self.forget_or_tell(door, user)),
            _ => Answer::ready(Ok(())),
        }
    }
}

impl ForgetOrigins {
    async fn forget_or_tell(&self, door: &Door, user: &Account) -> Result<(), SubscriberError> {
        if let Err(error) = self.forget(door, user).await {
            tracing::error!(user.id = %user.id, error.cause = %error, "devices that knew the old password are still known");
        }
        Ok(())
    }

    async fn forget(&self, door: &Door, user: &Account) -> Result<(), StoreError> {
        let names = [&user.username, &user.email].into_iter();
        let names = names.filter(|name| !name.is_empty());
        let all = [Accounts::of_person(user)]
            .into_iter()
            .chain(names.map(|name| Accounts::of_name(name)));
        for accounts in all {
            let attempt = self.0.attempt(String::new(), &Origin::of(door, None), &accounts);
            let settlement = Settlement::OriginsForgotten;
            LoginAttempts::of(door)?
                .settle(&attempt, settlement, door.now())
                .await?;
        }
        Ok(())
    }
}
