//! Authenticators that are made of others.

use std::fmt;
use std::sync::Arc;

use http::{HeaderValue, StatusCode};

use super::Authenticator;
use crate::answer::Answer;
use crate::context::Context;
use crate::door::Door;
use crate::exceptions::{ApiException, Result};
use crate::explanation::Outcome;
use crate::identity::Identity;

/// Makes one authenticator of another, where DRF has a class that calls `super().authenticate(request)`.
pub trait AuthenticatorExt: Authenticator + Sized {
    /// The same, with a check of those it knows: a version in the token, a device that may be lost, a second factor.
    ///
    /// What the check refuses is refused, unless the row it saw was remembered and is another one by now: where `[cache]` is
    /// on, the user is read again before anybody is turned away, and the check asked once more. So it is asked twice, and must do
    /// nothing where it refuses. A row that it lets pass is never older than `cache.max_staleness`; what the check looks up
    /// itself is as it is now.
    ///
    /// ```
    /// use doorward_core::authentication::{Authenticator, AuthenticatorExt};
    /// use doorward_core::{Answer, ApiException};
    ///
    /// fn with_second_factor(session: impl Authenticator) -> impl Authenticator {
    ///     session.checked(|cx, _| {
    ///         Answer::pending(async move {
    ///             match cx.session().get("otp_device_id").await? {
    ///                 Some(_) => Ok(()),
    ///                 None => Err(ApiException::authentication_failed("Second factor required.")),
    ///             }
    ///         })
    ///     })
    /// }
    /// ```
    fn checked<F>(self, check: F) -> Checked<Self>
    where
        F: for<'a> Fn(&'a Context<'a>, &'a Identity) -> Answer<'a, Result> + Send + Sync + 'static,
    {
        Checked {
            authenticator: self,
            check: Arc::new(check),
        }
    }

    /// The same, but whom it refuses with a 401 is nobody, as if no credential had come: the next authenticator is asked, and
    /// the permissions decide. Other refusals stay: a CSRF token that is missing, an account that is locked, a store that fails.
    fn or_anonymous(self) -> OrAnonymous<Self> {
        OrAnonymous(self)
    }

    /// The same with that challenge in `WWW-Authenticate`: where it stands first, a refusal is a 401, also of one that has
    /// no challenge itself, as `SessionAuthentication` (`authenticate_header`).
    fn challenged(self, challenge: &'static str) -> Challenged<Self> {
        Challenged {
            authenticator: self,
            challenge,
        }
    }
}

impl<A: Authenticator> AuthenticatorExt for A {}

/// With a check; see [`AuthenticatorExt::checked`].
#[derive(Clone)]
pub struct Checked<A> {
    authenticator: A,
    check: Arc<Check>,
}

type Check = dyn for<'a> Fn(&'a Context<'a>, &'a Identity) -> Answer<'a, Result> + Send + Sync;

/// Refuses nobody; see [`AuthenticatorExt::or_anonymous`].
#[derive(Clone, Copy, Debug, Default)]
pub struct OrAnonymous<A>(A);

/// With a challenge; see [`AuthenticatorExt::challenged`].
#[derive(Clone, Copy)]
pub struct Challenged<A> {
    authenticator: A,
    challenge: &'static str,
}

impl<A: Authenticator> Authenticator for Checked<A> {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        self.authenticator.authenticate(cx).then(move |said| match said {
            Ok(Some(identity)) => Answer::pending(async move { self.judge(cx, identity).await.map(Some) }),
            nobody => Answer::ready(nobody),
        })
    }

    fn challenge(&self, door: &Door) -> Option<HeaderValue> {
        self.authenticator.challenge(door)
    }
}

impl<A: Authenticator> Checked<A> {
    async fn judge(&self, cx: &Context<'_>, identity: Identity) -> Result<Identity> {
        match (self.check)(cx, &identity).await {
            Ok(()) => Ok(identity),
            Err(refused) if refused.status().is_client_error() => {
                self.judge_again(cx, identity, refused).await
            }
            Err(failed) => Err(failed),
        }
    }

    /// A credential may be younger than what is remembered of its user.
    async fn judge_again(
        &self,
        cx: &Context<'_>,
        mut identity: Identity,
        refused: ApiException,
    ) -> Result<Identity> {
        let door = cx.door();
        let Some(known) = identity.user.row().filter(|_| door.settings().cache.enabled) else {
            return Err(refused);
        };
        let Some(row) = door
            .stores()
            .users
            .by_id(&known.id)
            .await?
            .filter(|row| row.is_active)
        else {
            return Err(refused);
        };
        identity.user = row.into();
        (self.check)(cx, &identity).await.map(|()| identity)
    }
}

impl<A: Authenticator> Authenticator for OrAnonymous<A> {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        self.0.authenticate(cx).map(move |said| match said {
            Err(refused) if refused.status() == StatusCode::UNAUTHORIZED => {
                let outcome = || Outcome::PassedOver(refused.reason());
                cx.explain(|| (format!("{:?}", self.0), outcome()));
                Ok(None)
            }
            said => said,
        })
    }

    fn challenge(&self, door: &Door) -> Option<HeaderValue> {
        self.0.challenge(door)
    }
}

impl<A: Authenticator> Authenticator for Challenged<A> {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        self.authenticator.authenticate(cx)
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        HeaderValue::from_str(self.challenge).ok()
    }
}

impl<A: fmt::Debug> fmt::Debug for Checked<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checked({:?})", self.authenticator)
    }
}

impl<A: fmt::Debug> fmt::Debug for Challenged<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Challenged({:?})", self.authenticator)
    }
}
