//! Who is calling (`rest_framework.authentication`): what an authenticator is, and how those of a route are asked.
//!
//! An authenticator looks at a request and answers `None` ("not my scheme"), an [`Identity`], or a refusal.
//! To add one: implement [`Authenticator`] for a type of yours and name it in a route's
//! [`Policy`](crate::Policy). Those that come with the door are in `doorward_auth::schemes`. [`AuthenticatorExt`] makes one
//! of another: with a check after success, or one that refuses nobody.
//!
//! What an authenticator asks of a request: [`Context::authorization`], [`Context::header`], [`Context::sole_cookie`],
//! [`Context::active_user`], and [`csrf`] for what browsers send by themselves.

mod compose;

use std::fmt::Debug;
use std::sync::Arc;

use http::HeaderValue;

use crate::answer::Answer;
use crate::context::Context;
use crate::csrf;
use crate::door::Door;
use crate::exceptions::Result;
use crate::explanation::Outcome;
use crate::identity::Identity;

pub use compose::{AuthenticatorExt, Challenged, Checked, OrAnonymous};

/// One way to tell who is calling (`rest_framework.authentication.BaseAuthentication`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an authenticator",
    note = "the module `doorward::authentication` lists those that exist, and tells how to write one"
)]
pub trait Authenticator: Debug + Send + Sync {
    /// `None`: not my scheme, ask the next one. `Err`: my scheme, and refused.
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>>;

    /// The value of `WWW-Authenticate`; `None` turns a 401 into a 403. Only the first authenticator of a
    /// route is asked.
    fn challenge(&self, door: &Door) -> Option<HeaderValue>;
}

/// One that several routes share, with what it remembers.
impl<A: Authenticator + ?Sized> Authenticator for Arc<A> {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        (**self).authenticate(cx)
    }

    fn challenge(&self, door: &Door) -> Option<HeaderValue> {
        (**self).challenge(door)
    }
}

/// Who is asked where a route names nobody (`DEFAULT_AUTHENTICATION_CLASSES`).
#[derive(Debug)]
pub(crate) struct DefaultAuthenticators(pub(crate) Vec<Arc<dyn Authenticator>>);

impl Door {
    /// Who is asked who calls, where a route says nothing.
    pub(crate) fn authenticators(&self) -> &[Arc<dyn Authenticator>] {
        &self.required_slot::<DefaultAuthenticators>().0
    }
}

/// Asks each authenticator in turn; the first that recognises its scheme decides.
pub(crate) async fn perform(cx: &Context<'_>, authenticators: &[Arc<dyn Authenticator>]) -> Result {
    for authenticator in authenticators {
        let found = authenticator.authenticate(cx).await;
        let answer = match &found {
            Ok(Some(identity)) => meant(cx, identity).and(found),
            Ok(None) | Err(_) => found,
        };
        cx.explain(|| (format!("{authenticator:?}"), outcome(&answer)));
        if let Some(identity) = answer? {
            cx.identify(identity);
            return Ok(());
        }
    }
    Ok(())
}

fn outcome(said: &Result<Option<Identity>>) -> Outcome {
    match said {
        Ok(None) => Outcome::NotMine,
        Ok(Some(identity)) => Outcome::Identified(name(identity)),
        Err(refused) => Outcome::Refused(Some(refused.reason())),
    }
}

fn name(identity: &Identity) -> String {
    match identity.user.username() {
        "" => format!("user {}", identity.user.id()),
        name => name.to_owned(),
    }
}

/// Refuses an identity that another site's page made the browser prove.
fn meant(cx: &Context<'_>, identity: &Identity) -> Result {
    match identity.auth.is_ambient() {
        true => csrf::refuse_foreign_use(cx),
        false => Ok(()),
    }
}
