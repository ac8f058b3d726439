//! How often: the rules that slow callers down (`rest_framework.throttling`).
//!
//! A throttle counts under a *scope*, whose rate stands in the settings (`[throttle.rates]`). One's own throttle asks
//! [`simple_rate`] with a scope and whom it counts:
//!
//! ```
//! use doorward_core::throttling::{Allowance, ImproperlyConfigured, Throttle, rate_of, simple_rate};
//! use doorward_core::{Answer, Context, Door, Result, View};
//!
//! /// Counts by the tenant that a header names.
//! #[derive(Debug)]
//! struct TenantThrottle;
//!
//! impl Throttle for TenantThrottle {
//!     fn allow_request<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<Allowance>> {
//!         match cx.headers().get("x-tenant").and_then(|tenant| tenant.to_str().ok()) {
//!             Some(tenant) => simple_rate(cx, "tenant", &tenant),
//!             None => Answer::ready(Ok(Allowance::Allowed)),
//!         }
//!     }
//!
//!     fn configured(&self, door: &Door, _: &View) -> Result<(), ImproperlyConfigured> {
//!         rate_of("tenant", door).map(drop)
//!     }
//! }
//! ```

mod address;
mod anon;
mod client;
mod headers;
mod history;
mod memory;
mod own_rates;
mod rules;
mod scoped;
mod simple_rate;
mod user;

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use crate::answer::Answer;
use crate::context::{Context, View};
use crate::door::Door;
use crate::exceptions::{ApiException, Result};

pub use anon::AnonRateThrottle;
pub use client::ClientRateThrottle;
pub use history::ThrottleHistory;
pub use memory::MemoryThrottleHistory;
pub use own_rates::{UserRate, UserRates};
pub use rules::{ImproperlyConfigured, rate_of};
pub use scoped::ScopedRateThrottle;
pub use simple_rate::simple_rate;
pub use user::UserRateThrottle;

pub(crate) use headers::tell;
pub(crate) use own_rates::SiteUserRates;
pub(crate) use rules::ThrottleRules;

/// A limit on how often a caller may come (`rest_framework.throttling.BaseThrottle`). It keeps no state on itself.
pub trait Throttle: Debug + Send + Sync {
    /// Whether this request may go on, or how long to wait.
    fn allow_request<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<Allowance>>;

    /// Whether it has all it needs, such as a rate; asked once, for each route that it is put on.
    ///
    /// # Errors
    /// What is missing; [`Router::into_service`](crate::Router::into_service) tells it.
    fn configured(&self, door: &Door, view: &View) -> Result<(), ImproperlyConfigured> {
        let _ = (door, view);
        Ok(())
    }
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

/// Which throttles count where a route names none (`DEFAULT_THROTTLE_CLASSES`).
#[derive(Debug)]
pub(crate) struct DefaultThrottles(pub(crate) Vec<Arc<dyn Throttle>>);

impl Door {
    /// Which throttles are asked, where a route says nothing.
    pub(crate) fn throttles(&self) -> &[Arc<dyn Throttle>] {
        &self.required_slot::<DefaultThrottles>().0
    }
}

/// Asks every throttle, each of which counts the request, and tells the longest wait.
pub(crate) async fn check(cx: &Context<'_>, throttles: &[Arc<dyn Throttle>]) -> Result {
    let mut refused = None::<Option<Duration>>;
    for throttle in throttles {
        if let Allowance::Throttled { wait } = throttle.allow_request(cx, cx.view()).await? {
            refused = Some(refused.flatten().max(wait));
        }
    }
    refused.map_or(Ok(()), |wait| Err(ApiException::throttled(wait)))
}
