//! [`RemoteUserAuthentication`]: the server in front of us knows who is calling.

use std::borrow::Cow;
use std::sync::Arc;

use doorward_core::answer::Answer;
use doorward_core::authentication::Authenticator;
use doorward_core::context::Context;
use doorward_core::door::Door;
use doorward_core::exceptions::Result;
use doorward_core::identity::{Auth, Identity};
use doorward_core::signals::Event;
use doorward_core::stores::UserField;
use doorward_core::user::UserRow;
use doorward_django::bounds;
use http::HeaderValue;

use super::{RemoteUsers, Unknown};
use crate::accounts;

/// The user that somebody else vouches for (`rest_framework.authentication.RemoteUserAuthentication`).
///
/// Believed are a [`RemoteUser`] that code of this process attached to the request, and the header of the settings
/// (`[remote_user]`), from the networks that stand there. Everybody else's header is as if it were not there. Unknown
/// names are made users where the settings say so (`RemoteUserBackend.create_unknown_user`).
#[derive(Clone, Copy, Debug, Default)]
pub struct RemoteUserAuthentication;

impl Authenticator for RemoteUserAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        let name = match cx.extension::<RemoteUser>() {
            Some(RemoteUser(name)) => Some(Cow::Borrowed(name.as_str())),
            None => cx.door().app::<RemoteUsers>().name(cx).map(Cow::Owned),
        };
        match name.filter(|name| !name.is_empty() && !name.contains('\0') && bounds::is_name(name)) {
            None => Answer::ready(Ok(None)),
            Some(name) => Answer::pending(async move { identify(cx, &name).await }),
        }
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

/// The name that the server in front of us vouches for, as an extension of the request.
#[derive(Clone, Debug)]
pub struct RemoteUser(pub String);

/// `RemoteUserBackend.authenticate`.
async fn identify(cx: &Context<'_>, name: &str) -> Result<Option<Identity>> {
    let user = find(cx.door(), name).await?.filter(|user| user.is_active);
    if user.is_none() {
        accounts::log_failed_login(Some(cx), &[]);
        let event = Event::login_failed([("remote_user", name)], cx.client());
        cx.door().emit(&event).await;
    }
    Ok(user.map(|user| Identity {
        user: user.into(),
        auth: Auth::RemoteUser,
    }))
}

/// A name that no column can hold is nobody's.
async fn find(door: &Door, name: &str) -> Result<Option<Arc<UserRow>>> {
    if let Some(person) = door.principals().person(UserField::Username, name).await? {
        return Ok(Some(person.user));
    }
    match door.app::<RemoteUsers>().unknown {
        Unknown::Anonymous => Ok(None),
        Unknown::Create => match accounts::get_or_create_user(door, name).await {
            Err(refused) if refused.status().is_client_error() => Ok(None),
            found => found.map(Some),
        },
    }
}
