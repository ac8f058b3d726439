use super::{Allowance, ImproperlyConfigured, Throttle, rate_of, simple_rate};
use crate::answer::Answer;
use crate::context::{Context, View};
use crate::door::Door;
use crate::exceptions::Result;

/// Slows down callers by the scope that the route names with
/// [`RouteExt::throttle_scope`](crate::RouteExt::throttle_scope); a route that names none is not limited
/// (`rest_framework.throttling.ScopedRateThrottle`).
#[derive(Clone, Copy, Debug, Default)]
pub struct ScopedRateThrottle;

impl Throttle for ScopedRateThrottle {
    fn allow_request<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<Allowance>> {
        match view.throttle_scope() {
            Some(scope) => simple_rate::by_user(cx, scope),
            None => Answer::ready(Ok(Allowance::Allowed)),
        }
    }

    fn configured(&self, door: &Door, view: &View) -> Result<(), ImproperlyConfigured> {
        let scope = view.throttle_scope();
        scope.map_or(Ok(()), |scope| rate_of(scope, door).map(drop))
    }
}
