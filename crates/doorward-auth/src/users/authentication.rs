//! [`BasicAuthentication`]: a user name and a password (RFC 7617).

use doorward_core::answer::Answer;
use doorward_core::authentication::Authenticator;
use doorward_core::context::Context;
use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::headers::joined;
use doorward_core::identity::{Auth, Identity};
use doorward_django::authorization::BasicCredentials;
use http::HeaderValue;
use http::header::AUTHORIZATION;

use crate::accounts;
use crate::backends::Authenticated;

/// HTTP Basic (`rest_framework.authentication.BasicAuthentication`).
#[derive(Clone, Copy, Debug, Default)]
pub struct BasicAuthentication;

impl Authenticator for BasicAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        let header = joined(cx.headers(), &AUTHORIZATION).unwrap_or_default();
        match BasicCredentials::parse(&header) {
            Ok(None) => Answer::ready(Ok(None)),
            Ok(Some(credentials)) => Answer::pending(authenticate(cx, credentials)),
            Err(error) => Answer::ready(Err(ApiException::authentication_failed(error.to_string()))),
        }
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        Some(HeaderValue::from_static("Basic realm=\"api\""))
    }
}

async fn authenticate(cx: &Context<'_>, credentials: BasicCredentials) -> Result<Option<Identity>> {
    let BasicCredentials { username, password } = &credentials;
    let found = accounts::authenticate_request(cx, username, password).await?;
    let Some(Authenticated { user, .. }) = found else {
        return Err(ApiException::authentication_failed("Invalid username/password."));
    };
    if !user.is_active {
        return Err(ApiException::authentication_failed("User inactive or deleted."));
    }
    Ok(Some(Identity {
        user: user.into(),
        auth: Auth::Basic,
    }))
}
