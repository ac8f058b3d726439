//! How often: the rules that slow callers down (`rest_framework.throttling`).

use std::fmt::Debug;
use std::time::Duration;

use crate::answer::Answer;
use crate::context::{Context, View};
use crate::exceptions::{ApiException, Result};

/// A limit on how often a caller may come (`rest_framework.throttling.BaseThrottle`). It keeps no state on itself.
pub trait Throttle: Debug + Send + Sync {
    /// Whether this request may go on, or how long to wait.
    fn allow_request<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<Allowance>>;
}

/// What a throttle says of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// It may go on.
    Allowed,
    /// It may not, and may try again after that time, if one is known.
    Throttled {
        /// The time to wait.
        wait: Option<Duration>,
    },
}

/// Asks every throttle, each of which counts the request, and tells the longest wait.
pub(crate) async fn check(cx: &Context<'_>) -> Result {
    let mut refused = None::<Option<Duration>>;
    for throttle in &cx.view().throttles {
        if let Allowance::Throttled { wait } = throttle.allow_request(cx, cx.view()).await? {
            refused = Some(refused.flatten().max(wait));
        }
    }
    refused.map_or(Ok(()), |wait| Err(ApiException::throttled(wait)))
}
