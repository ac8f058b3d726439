use std::borrow::Cow;
use std::fmt;

use super::{Allowance, ImproperlyConfigured, Throttle, rate_of, simple_rate};
use crate::answer::Answer;
use crate::context::{Context, View};
use crate::door::Door;
use crate::exceptions::Result;

/// Slows down addresses, whoever calls from there: for the stage ahead of authentication, where nobody is known yet
/// ([`RouteExt::throttle_before_authentication`](crate::RouteExt::throttle_before_authentication)).
#[derive(Clone)]
pub struct ClientRateThrottle {
    scope: Cow<'static, str>,
}

impl ClientRateThrottle {
    /// The throttle that counts under that scope, which needs a rate.
    pub fn scope(scope: impl Into<Cow<'static, str>>) -> Self {
        Self { scope: scope.into() }
    }
}

/// Its name and its scope.
impl fmt::Debug for ClientRateThrottle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientRateThrottle({})", self.scope)
    }
}

impl Throttle for ClientRateThrottle {
    fn allow_request<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<Allowance>> {
        simple_rate::by_client(cx, &self.scope)
    }

    fn configured(&self, door: &Door, _: &View) -> Result<(), ImproperlyConfigured> {
        rate_of(&self.scope, door).map(drop)
    }
}
