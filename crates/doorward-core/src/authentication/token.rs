//! [`TokenAuthentication`].

use http::HeaderValue;

use super::Authenticator;
use crate::answer::Answer;
use crate::context::Context;
use crate::door::Door;
use crate::exceptions::Result;
use crate::identity::Identity;

/// `TokenAuthentication`.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenAuthentication;

impl Authenticator for TokenAuthentication {
    fn authenticate<'a>(&'a self, _: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        Answer::ready(Ok(None))
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}
