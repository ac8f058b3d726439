use std::borrow::Cow;
use std::fmt;

use super::{Allowance, ImproperlyConfigured, Throttle, rate_of, simple_rate};
use crate::answer::Answer;
use crate::context::{Context, View};
use crate::door::Door;
use crate::exceptions::Result;

/// Slows down anonymous callers, by their address (`rest_framework.throttling.AnonRateThrottle`); its scope is `anon`.
#[derive(Clone)]
pub struct AnonRateThrottle {
    scope: Cow<'static, str>,
}

impl AnonRateThrottle {
    /// The throttle with another scope: another rate, and a count of its own.
    pub fn scope(scope: impl Into<Cow<'static, str>>) -> Self {
        Self { scope: scope.into() }
    }
}

impl Default for AnonRateThrottle {
    fn default() -> Self {
        Self::scope("anon")
    }
}

/// Its name, and its scope where it is its own.
impl fmt::Debug for AnonRateThrottle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.scope.as_ref() {
            "anon" => f.write_str("AnonRateThrottle"),
            scope => write!(f, "AnonRateThrottle({scope})"),
        }
    }
}

impl Throttle for AnonRateThrottle {
    fn allow_request<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<Allowance>> {
        match cx.user() {
            Some(_) => Answer::ready(Ok(Allowance::Allowed)),
            None => simple_rate::by_client(cx, &self.scope),
        }
    }

    fn configured(&self, door: &Door, _: &View) -> Result<(), ImproperlyConfigured> {
        rate_of(&self.scope, door).map(drop)
    }
}
