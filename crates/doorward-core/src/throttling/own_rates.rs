//! [`UserRates`]: rates by plan, or by named user, in place of those of the scope.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use doorward_django::rate::Rates;

use super::rules::{Scope, ScopeRules};
use crate::answer::Answer;
use crate::context::Context;
use crate::exceptions::Result;
use crate::settings::{Findings, PlanSettings, SettingsError, ThrottleSettings};
use crate::user::User;

/// What a caller's plan says of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserRate {
    /// So often, counted apart from what it counted under another rate.
    Limited(Rates),
    /// As often as it likes: nothing is counted.
    Unlimited,
}

/// Gives single callers a rate of their own (a `get_rate` of one's own, below `UserRateThrottle` in DRF).
///
/// [`UserRateThrottle`](super::UserRateThrottle) and [`ScopedRateThrottle`](super::ScopedRateThrottle) ask it, for callers who
/// said who they are. A closure of the user and the scope is one, where there is nothing to wait for:
///
/// ```
/// use doorward_core::throttling::UserRate;
/// use doorward_core::{Door, User, settings::{Settings, SettingsErrors}, stores::Stores};
///
/// # fn open(settings: Settings, stores: Stores) -> Result<Door, SettingsErrors> {
/// let staff_are_not_counted = |user: &User, _: &str| user.is_staff().then_some(UserRate::Unlimited);
/// Door::builder(settings, stores).user_rates(staff_are_not_counted).build()
/// # }
/// ```
pub trait UserRates: Send + Sync {
    /// The rate of that caller in that scope; `None` for the one of its plan in the settings, or else of the scope.
    ///
    /// # Errors
    /// Whatever the request is to be answered, such as 503 where a database is away.
    fn rate_for<'a>(
        &'a self,
        cx: &'a Context<'a>,
        user: &'a User,
        scope: &'a str,
    ) -> Answer<'a, Result<Option<UserRate>>>;
}

impl<F> UserRates for F
where
    F: Fn(&User, &str) -> Option<UserRate> + Send + Sync,
{
    fn rate_for<'a>(
        &'a self,
        _: &'a Context<'a>,
        user: &'a User,
        scope: &'a str,
    ) -> Answer<'a, Result<Option<UserRate>>> {
        Answer::ready(Ok(self(user, scope)))
    }
}

/// What a site gives single callers, as an app or the builder brings it.
#[derive(Clone)]
pub(crate) struct SiteUserRates(pub(crate) Arc<dyn UserRates>);

impl fmt::Debug for SiteUserRates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SiteUserRates")
    }
}

/// The limit of a scope for one caller; `None` for none.
pub(super) type OwnLimit = Option<Arc<Scope>>;

/// `[[throttle.plans]]`, in their order.
#[derive(Debug)]
pub(super) struct Plans(Vec<Plan>);

#[derive(Debug)]
struct Plan {
    users: Vec<String>,
    groups: Vec<String>,
    limits: BTreeMap<String, OwnLimit>,
}

impl Plans {
    /// Each plan that is impossible is told by itself.
    pub(super) fn resolve(
        settings: &ThrottleSettings,
        scopes: &ScopeRules,
        found: &mut Findings,
    ) -> Option<Self> {
        let plans = settings.plans.iter().enumerate();
        let plans: Option<Vec<_>> = plans
            .map(|(place, plan)| {
                let plan = Plan::new(plan, settings, scopes);
                found.note(plan.map_err(|problem| {
                    SettingsError::new("throttle.plans", format!("plan {}: {problem}", place + 1))
                }))
            })
            .collect();
        plans.map(Self)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The limit of the first plan that has the caller and names the scope. Groups are looked up once, if at all.
    pub(super) async fn limit_for(
        &self,
        cx: &Context<'_>,
        user: &User,
        scope: &str,
    ) -> Result<Option<OwnLimit>> {
        // What a token alone says of its bearer is nobody of ours.
        if user.row().is_none() {
            return Ok(None);
        }
        let mut groups = None;
        for plan in &self.0 {
            let Some(limit) = plan.limits.get(scope) else {
                continue;
            };
            let is_named = plan.users.iter().any(|name| name == user.username());
            if is_named || (!plan.groups.is_empty() && plan.has_group_of(cx, user, &mut groups).await?) {
                return Ok(Some(limit.clone()));
            }
        }
        Ok(None)
    }
}

/// The groups of a caller, once they are known.
type Groups = Option<Arc<std::collections::BTreeSet<String>>>;

impl Plan {
    fn new(plan: &PlanSettings, settings: &ThrottleSettings, scopes: &ScopeRules) -> Result<Self, String> {
        if plan.users.is_empty() && plan.groups.is_empty() {
            return Err("it is nobody's; name `users` or `groups`".to_owned());
        }
        if plan.rates.is_empty() {
            return Err(
                "it has no rates; name a scope, such as `rates = { user = \"1000/day\" }`".to_owned(),
            );
        }
        let limits = plan.rates.iter().map(|(scope, rates)| {
            let known = scope == "user" || settings.rates.contains_key(scope);
            match known {
                true => Ok((scope.clone(), scopes.parse(scope, rates)?)),
                false => Err(format!(
                    "`{}` has no rate in `[throttle.rates]`",
                    scope.escape_debug()
                )),
            }
        });
        Ok(Self {
            users: plan.users.clone(),
            groups: plan.groups.clone(),
            limits: limits.collect::<Result<_, _>>()?,
        })
    }

    async fn has_group_of(&self, cx: &Context<'_>, user: &User, groups: &mut Groups) -> Result<bool> {
        if groups.is_none() {
            *groups = Some(cx.door().principals().groups(user.id()).await?);
        }
        let groups = groups.as_ref();
        Ok(groups.is_some_and(|groups| self.groups.iter().any(|name| groups.contains(name))))
    }
}
