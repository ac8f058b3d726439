//! [`AutoCreate`]: a token for each new user.

use doorward_core::answer::Answer;
use doorward_core::door::Door;
use doorward_core::signals::{Event, Subscriber, SubscriberError};

use super::obtain_auth_token;

/// Gives each new user a token, as the tutorials' receiver of `post_save` does (`[token] auto_create`).
pub(super) struct AutoCreate;

impl Subscriber for AutoCreate {
    fn receive<'a>(&'a self, door: &'a Door, event: &'a Event) -> Answer<'a, Result<(), SubscriberError>> {
        match event {
            Event::UserCreated { user } => Answer::pending(async {
                if let Some(user) = door.stores().users.by_id(&user.id).await? {
                    obtain_auth_token(door, &user).await?;
                }
                Ok(())
            }),
            _ => Answer::ready(Ok(())),
        }
    }
}
