//! [`RemoteUserAuthentication`]: the server in front of us knows who is calling.

use http::HeaderValue;

use super::Authenticator;
use crate::answer::Answer;
use crate::context::Context;
use crate::door::Door;
use crate::exceptions::Result;
use crate::identity::{Auth, Identity};

/// The user that [`RemoteUser`] names (`rest_framework.authentication.RemoteUserAuthentication`).
///
/// No header is believed: only code of this process can attach a [`RemoteUser`] to a request, where it has made sure
/// of it. Unlike Django's backend this one creates no users.
#[derive(Clone, Copy, Debug, Default)]
pub struct RemoteUserAuthentication;

impl Authenticator for RemoteUserAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        match cx.extension::<RemoteUser>() {
            None => Answer::ready(Ok(None)),
            Some(RemoteUser(name)) if name.is_empty() || name.contains('\0') => Answer::ready(Ok(None)),
            Some(RemoteUser(name)) => Answer::pending(find(cx, name)),
        }
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

async fn find(cx: &Context<'_>, name: &str) -> Result<Option<Identity>> {
    let user = cx.door().stores().users.by_username(name).await?;
    Ok(user.filter(|user| user.is_active).map(|user| Identity {
        user: user.into(),
        auth: Auth::RemoteUser,
    }))
}

/// The name that the server in front of us vouches for, as an extension of the request.
#[derive(Clone, Debug)]
pub struct RemoteUser(pub String);
