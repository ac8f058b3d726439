//! [`PresentedToken`]: the JSON web token of a request, from its header or its cookie.

use std::borrow::Cow;

use doorward_core::context::Context;
use doorward_core::csrf;
use doorward_core::exceptions::Result;
use doorward_core::headers;
use doorward_core::identity::Identity;
use doorward_core::permissions::Outcome;
use doorward_django::authorization::{BadAuthorizationHeader, bearer_token};
use doorward_django::secret::Secret;

use crate::jwt::{self, JwtDoorExt, cookies};

/// A token that a request carries.
pub(super) enum PresentedToken<'h> {
    Header(Cow<'h, [u8]>),
    Cookie(Secret<String>),
}

impl<'h> PresentedToken<'h> {
    /// The token of a request. Where the header is there, it decides, whatever it says: no cookie is looked at.
    pub(super) fn of(cx: &Context<'h>) -> Result<Option<Self>> {
        if cx.headers().contains_key(cx.door().tokens().header_name()) {
            return Ok(in_header(cx)?.map(Self::Header));
        }
        Ok(cookies::access(cx).map(Self::Cookie))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Header(token) => token,
            Self::Cookie(token) => token.expose().as_bytes(),
        }
    }

    /// What follows from the token's verdict. Who sends a header means it: what is bad is refused. A cookie comes by
    /// itself: a bad one is nobody's, as a session that has ended is, and a good one wants a CSRF token.
    pub(super) async fn settle(&self, cx: &Context<'_>, found: Result<Identity>) -> Result<Option<Identity>> {
        match (self, found) {
            (Self::Header(_), found) => found.map(Some),
            (Self::Cookie(_), Err(refused)) if refused.status().is_client_error() => {
                tracing::debug!(
                    error.code = refused.code(),
                    reason = %refused.reason(),
                    "the token in the cookie is not good"
                );
                let outcome = || Outcome::PassedOver(refused.reason());
                cx.explain(|| ("the token in the cookie".to_owned(), outcome()));
                Ok(None)
            }
            (Self::Cookie(_), Err(failed)) => Err(failed),
            (Self::Cookie(_), Ok(identity)) => {
                csrf::enforce_csrf(cx).await?;
                Ok(Some(identity))
            }
        }
    }
}

/// The token in the header that the settings name (`get_header`, `get_raw_token`).
fn in_header<'h>(cx: &Context<'h>) -> Result<Option<Cow<'h, [u8]>>> {
    let rules = cx.door().tokens();
    let header = headers::joined(cx.headers(), rules.header_name());
    let token = match &header {
        None => Ok(None),
        Some(Cow::Borrowed(header)) => bearer_token(header, rules.header_types()).map(as_borrowed),
        Some(Cow::Owned(header)) => bearer_token(header, rules.header_types()).map(as_owned),
    };
    token.map_err(|refused| jwt::refused(refused, BadAuthorizationHeader::CODE))
}

fn as_borrowed(token: Option<&[u8]>) -> Option<Cow<'_, [u8]>> {
    token.map(Cow::Borrowed)
}

fn as_owned<'h>(token: Option<&[u8]>) -> Option<Cow<'h, [u8]>> {
    token.map(|token| Cow::Owned(token.to_vec()))
}
