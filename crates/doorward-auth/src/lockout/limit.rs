//! [`Limit`]: an attempt to log in from its beginning to its end.

use std::sync::Arc;

use doorward_core::login_limit::{LoginLimit, Passed, PasswordCheck, Subject, Waited};
use doorward_core::{Answer, Context, Door, Result};

use super::accounts::Accounts;
use super::device;
use super::origin::Origin;
use super::reservation::Reservation;
use super::rules::Lockout;

/// Failed logins are counted, and too many lock.
pub(super) struct Limit(pub(super) Arc<Lockout>);

impl LoginLimit for Limit {
    fn admit<'a>(
        &'a self,
        door: &'a Door,
        request: Option<Context<'a>>,
        subject: Subject,
        check: PasswordCheck<'a>,
    ) -> Answer<'a, Result<Option<Passed>>> {
        let origin = Origin::of(door, request);
        Answer::pending(self.count(origin, Accounts::of(&subject), check))
    }

    fn remember_device(&self, cx: &Context<'_>) {
        device::remember(cx, &self.0);
    }
}

impl Limit {
    async fn count(
        &self,
        origin: Origin<'_>,
        accounts: Accounts,
        check: PasswordCheck<'_>,
    ) -> Result<Option<Passed>> {
        let rules = &self.0;
        let reservation = Reservation::new(rules, &origin, accounts.clone());
        let passed = match origin.address().is_some_and(|address| rules.allows(address)) {
            true => check(Waited::No).await?,
            false => reservation.check(check).await?,
        };
        let key = passed
            .as_ref()
            .and_then(|passed| accounts.success(passed).account);
        key.iter().for_each(|key| origin.let_in(key));
        Ok(passed)
    }
}
