use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::{Allowance, ImproperlyConfigured, Throttle, rate_of, simple_rate};
use crate::answer::Answer;
use crate::context::{Context, View};
use crate::door::Door;
use crate::exceptions::{ApiException, Result};

/// Slows down users wherever they come from, and anonymous callers by their address
/// (`rest_framework.throttling.UserRateThrottle`); its scope is `user`.
#[derive(Clone)]
pub struct UserRateThrottle {
    scopes: Vec<Cow<'static, str>>,
    tier: Option<Tier>,
}

/// Chooses a scope for a caller.
#[derive(Clone)]
struct Tier(Arc<ChooseTier>);

type ChooseTier = dyn for<'a> Fn(&'a Context<'a>) -> Answer<'a, Result<&'static str>> + Send + Sync;

impl UserRateThrottle {
    /// The throttle with another scope: another rate, and a count of its own.
    pub fn scope(scope: impl Into<Cow<'static, str>>) -> Self {
        Self {
            scopes: vec![scope.into()],
            tier: None,
        }
    }

    /// A rate by tier: `choose` picks one of the scopes for each caller, by a group, a claim or anything else.
    ///
    /// ```
    /// use doorward_core::throttling::UserRateThrottle;
    /// use doorward_core::{Answer, UserId};
    ///
    /// let throttle = UserRateThrottle::by(["free", "premium"], |cx| {
    ///     let Some(id) = cx.user_id() else {
    ///         return Answer::ready(Ok("free"));
    ///     };
    ///     Answer::pending(async move {
    ///         let groups = cx.door().principals().groups(id).await?;
    ///         Ok(if groups.contains("premium") { "premium" } else { "free" })
    ///     })
    /// });
    /// # let _ = throttle;
    /// ```
    pub fn by<const N: usize, F>(scopes: [&'static str; N], choose: F) -> Self
    where
        F: for<'a> Fn(&'a Context<'a>) -> Answer<'a, Result<&'static str>> + Send + Sync + 'static,
    {
        Self {
            scopes: scopes.map(Cow::Borrowed).into(),
            tier: Some(Tier(Arc::new(choose))),
        }
    }
}

impl Default for UserRateThrottle {
    fn default() -> Self {
        Self::scope("user")
    }
}

impl Throttle for UserRateThrottle {
    fn allow_request<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<Allowance>> {
        match (&self.tier, self.scopes.first()) {
            (Some(tier), _) => Answer::pending(self.by_tier(tier, cx)),
            (None, Some(scope)) => simple_rate::by_user(cx, scope),
            (None, None) => Answer::ready(Ok(Allowance::Allowed)),
        }
    }

    fn configured(&self, door: &Door, _: &View) -> Result<(), ImproperlyConfigured> {
        let mut scopes = self.scopes.iter();
        scopes.try_for_each(|scope| rate_of(scope, door).map(drop))
    }
}

impl UserRateThrottle {
    async fn by_tier(&self, tier: &Tier, cx: &Context<'_>) -> Result<Allowance> {
        let scope = (tier.0)(cx).await?;
        if self.scopes.iter().any(|known| known == scope) {
            simple_rate::by_user(cx, scope).await
        } else {
            // A tier that nobody told of may lack its rate: that is no reason to let its callers in uncounted.
            Err(ApiException::server_error(ImproperlyConfigured::no_rate(scope)))
        }
    }
}

/// Its name, and its scopes where they are its own.
impl fmt::Debug for UserRateThrottle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.scopes.join("|").as_str() {
            "user" => f.write_str("UserRateThrottle"),
            scopes => write!(f, "UserRateThrottle({scopes})"),
        }
    }
}
