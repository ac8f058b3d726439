//! [`RemoteUserAuthentication`].

use http::HeaderValue;

use super::Authenticator;
use crate::answer::Answer;
use crate::context::Context;
use crate::door::Door;
use crate::exceptions::Result;
use crate::identity::Identity;

/// `RemoteUserAuthentication`.
#[derive(Clone, Copy, Debug, Default)]
pub struct RemoteUserAuthentication;

impl Authenticator for RemoteUserAuthentication {
    fn authenticate<'a>(&'a self, _: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        Answer::ready(Ok(None))
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

/// The name that the server in front of us vouches for, as an extension of the request.
#[derive(Clone, Debug)]
pub struct RemoteUser(pub String);
