//! `RateLimit` and `RateLimit-Policy`: what is allowed and what is left
//! (draft-ietf-httpapi-ratelimit-headers-09, structured fields of RFC 9651).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::response::Response;
use doorward_django::rate::{Rate, Rates};
use doorward_django::sliding_window::Quota;
use http::{HeaderName, HeaderValue};

use super::rules::{Headers, Scope};
use crate::context::{Context, RequestState};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What the throttles of one request have said.
#[derive(Debug, Default)]
struct Told(Mutex<Vec<(Arc<Scope>, Quota)>>);

/// Keeps what a throttle said, where answers tell it.
pub(super) fn note(cx: &Context<'_>, scope: &Arc<Scope>, quota: Quota) {
    if cx.door().throttle_rules().headers == Headers::Told {
        let mut told = cx.note::<Told>().0.lock().unwrap_or_else(PoisonError::into_inner);
        told.push((Arc::clone(scope), quota));
    }
}

/// Tells what the throttles said, if they said anything.
pub(crate) fn tell(state: &RequestState, response: &mut Response) {
    let Some(Told(told)) = state.notes.get() else {
        return;
    };
    let told = std::mem::take(&mut *told.lock().unwrap_or_else(PoisonError::into_inner));
    let policies = told.iter().map(|(scope, _)| scope.policy.clone());
    let limits = told.iter().map(|(scope, quota)| limit(scope, quota));
    for (name, items) in [
        (RATE_LIMIT_POLICY, policies.collect::<Vec<_>>()),
        (RATE_LIMIT, limits.collect()),
    ] {
        if let Ok(value) = HeaderValue::try_from(items.join(", ")) {
            response.headers_mut().insert(name, value);
        }
    }
}

/// A scope's rates: how much (`q`) in how many seconds (`w`).
pub(super) fn policy(scope: &str, rates: &Rates) -> String {
    let item = |rate: Rate| {
        let (name, seconds) = (name(scope, rates, rate), rate.period().as_secs());
        format!("{name};q={};w={seconds}", rate.requests())
    };
    rates.iter().map(item).collect::<Vec<_>>().join(", ")
}

/// What is left (`r`), and in how many seconds there is more (`t`).
fn limit(scope: &Scope, quota: &Quota) -> String {
    let name = name(&scope.name, &scope.limit.rates, quota.rate);
    format!("{name};r={};t={}", quota.remaining, whole_seconds(quota.reset))
}

fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// A string of RFC 9651 §3.3.3: the scope, and the rate where the scope has several. What cannot stand in such a
/// string becomes an underscore.
fn name(scope: &str, rates: &Rates, rate: Rate) -> String {
    let plain = |c: char| {
        if matches!(c, ' '..='~') && c != '"' && c != '\\' {
            c
        } else {
            '_'
        }
    };
    let scope: String = scope.chars().map(plain).collect();
    match rates.iter().nth(1) {
        None => format!("\"{scope}\""),
        Some(_) => format!("\"{scope} {rate}\""),
    }
}
