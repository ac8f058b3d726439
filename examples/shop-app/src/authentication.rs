//! [`TillAuthentication`]: a scheme that `[rest]` may name: `authentication = ["till", "session"]`.

use doorward::Door;
use doorward::authentication::Authenticator;
use doorward::django::crypto::constant_time_eq;
use doorward::prelude::*;
use doorward::user::TokenUser;

use crate::app::Shop;

use axum::http::HeaderValue;

/// A till shows its key in the header `X-Till-Key`.
#[derive(Debug)]
pub(crate) struct TillAuthentication;

impl Authenticator for TillAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        let Some(shown) = cx.headers().get("x-till-key") else {
            return Answer::ready(Ok(None)); // not my scheme
        };
        let key = cx.door().app::<Shop>().till_key.as_ref();
        let is_right = key.is_some_and(|key| constant_time_eq(key.expose().as_bytes(), shown.as_bytes()));
        Answer::ready(match is_right {
            true => Ok(Some(till())),
            false => Err(ApiException::authentication_failed("Invalid till key.")),
        })
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

/// A till is nobody in the table of users.
fn till() -> Identity {
    let user = TokenUser {
        id: UserId::Text("till".into()),
        username: "till".to_owned(),
        is_staff: false,
        is_superuser: false,
    };
    Identity {
        user: user.into(),
        auth: Auth::Other("Till"),
    }
}
