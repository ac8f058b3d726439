//! [`BasicAuthentication`]: a user name and a password (RFC 7617).

use http::HeaderValue;

use super::Authenticator;
use crate::answer::Answer;
use crate::context::Context;
use crate::door::Door;
use crate::exceptions::Result;
use crate::identity::Identity;

/// HTTP Basic (`rest_framework.authentication.BasicAuthentication`).
#[derive(Clone, Copy, Debug, Default)]
pub struct BasicAuthentication;

impl Authenticator for BasicAuthentication {
    fn authenticate<'a>(&'a self, _: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        Answer::ready(Ok(None))
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        Some(HeaderValue::from_static("Basic realm=\"api\""))
    }
}
