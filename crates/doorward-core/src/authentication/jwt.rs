//! [`JwtAuthentication`].

use http::HeaderValue;

use super::Authenticator;
use crate::answer::Answer;
use crate::context::Context;
use crate::door::Door;
use crate::exceptions::Result;
use crate::identity::Identity;

/// `JwtAuthentication`.
#[derive(Clone, Copy, Debug, Default)]
pub struct JwtAuthentication;

impl Authenticator for JwtAuthentication {
    fn authenticate<'a>(&'a self, _: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        Answer::ready(Ok(None))
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}
/// `JwtStatelessUserAuthentication`.
#[derive(Clone, Copy, Debug, Default)]
pub struct JwtStatelessUserAuthentication;

impl Authenticator for JwtStatelessUserAuthentication {
    fn authenticate<'a>(&'a self, _: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        Answer::ready(Ok(None))
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}
