//! Counting under a scope (`rest_framework.throttling.SimpleRateThrottle`).

use std::fmt::Display;
use std::sync::Arc;

use doorward_django::sliding_window::Verdict;
use doorward_django::throttle_key::ThrottleKey;
use metrics::counter;

use super::rules::Scope;
use super::{Allowance, headers};
use crate::answer::Answer;
use crate::context::Context;
use crate::exceptions::{ApiException, Result};
use crate::user::User;

/// Counts a request under a scope, for whomever `ident` names: what one's own throttle does.
///
/// # Errors
/// 500 where the scope has no rate, which [`Throttle::configured`](super::Throttle::configured) should have told;
/// what the store answers where it cannot count.
pub fn simple_rate<'a>(
    cx: &'a Context<'a>,
    scope: &str,
    ident: &dyn Display,
) -> Answer<'a, Result<Allowance>> {
    hit(cx, scope, "own", ident)
}

/// Counts for the user, or for the address where there is none.
pub(super) fn by_user<'a>(cx: &'a Context<'a>, scope: &'a str) -> Answer<'a, Result<Allowance>> {
    match cx.user() {
        Some(user) if cx.door().throttle_rules().has_own_rates() => {
            Answer::pending(by_own_rate(cx, user, scope))
        }
        Some(user) => hit(cx, scope, "user", user.id()),
        None => by_client(cx, scope),
    }
}

/// Counts for a user that may have a rate of its own. What is counted under one rate is not looked at under another.
async fn by_own_rate(cx: &Context<'_>, user: &User, scope: &str) -> Result<Allowance> {
    let scope = match cx.door().throttle_rules().own_limit(cx, user, scope).await? {
        None => return hit(cx, scope, "user", user.id()).await,
        Some(None) => return Ok(Allowance::Allowed),
        Some(Some(scope)) => scope,
    };
    let who = format_args!("{} {}", scope.limit.rates, user.id()).to_string();
    let key = ThrottleKey::new(&scope.name, "plan", &who);
    let history = cx.door().throttle_history();
    let verdict = history.hit_with_share(key, &scope.limit, &scope.share, cx.door().monotonic());
    Ok(allowance(cx, &scope, verdict.await?))
}

/// Counts for the address. Those whose address nobody knows are counted as one.
pub(super) fn by_client<'a>(cx: &'a Context<'a>, scope: &str) -> Answer<'a, Result<Allowance>> {
    match cx.client() {
        Some(client) => hit(cx, scope, "client", &client),
        None => hit(cx, scope, "client", &"unknown"),
    }
}

fn hit<'a>(
    cx: &'a Context<'a>,
    scope: &str,
    kind: &str,
    ident: &dyn Display,
) -> Answer<'a, Result<Allowance>> {
    let scope = match cx.door().throttle_rules().scope(scope) {
        Ok(Some(scope)) => scope,
        Ok(None) => return Answer::ready(Ok(Allowance::Allowed)),
        Err(error) => return Answer::ready(Err(ApiException::server_error(error))),
    };
    let key = ThrottleKey::new(&scope.name, kind, ident);
    let history = cx.door().throttle_history();
    let verdict = history.hit_with_share(key, &scope.limit, &scope.share, cx.door().monotonic());
    verdict.map(move |verdict| Ok(allowance(cx, scope, verdict?)))
}

fn allowance(cx: &Context<'_>, scope: &Arc<Scope>, verdict: Verdict) -> Allowance {
    headers::note(cx, scope, verdict.quota());
    match verdict {
        Verdict::Allowed(_) => Allowance::Allowed,
        Verdict::Denied { wait, .. } => {
            counter!("doorward_throttled_total", "scope" => scope.name.clone()).increment(1);
            Allowance::Throttled { wait }
        }
    }
}
