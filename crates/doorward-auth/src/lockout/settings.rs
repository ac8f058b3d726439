//! `[lockout]`: how many failed logins, and what happens then.

use doorward_core::settings::{Period, Section};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[lockout]`: `AXES_*` of django-axes; off unless `failures` is set.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct LockoutSettings {
    /// How many wrong passwords lock, 1 to 1000 (`AXES_FAILURE_LIMIT`); nothing is counted unless set.
    pub failures: Option<u32>,
    /// How many of one address lock it, over all accounts; as `failures` unless set.
    pub address_failures: Option<u32>,
    /// How long a wrong password counts.
    pub window: Period,
    /// How long the first lock lasts (`AXES_COOLOFF_TIME`); each lock that follows it lasts twice as long.
    pub cool_off: Period,
    /// How long the longest lock lasts, and for how long after its end a lock is remembered.
    pub cool_off_max: Period,
    /// What strangers' failures are counted by (`AXES_LOCKOUT_PARAMETERS`).
    pub by: Vec<LockoutBy>,
    /// The networks whose failures are not counted (`AXES_IP_WHITELIST`).
    pub allow: Vec<String>,
    /// Whether a login that succeeds forgets the failures before it (`AXES_RESET_ON_SUCCESS`); an address's stay.
    pub reset_on_success: bool,
    /// How long after a login its device and its network are known to the account.
    pub known_for: Period,
}

impl Default for LockoutSettings {
    fn default() -> Self {
        Self {
            failures: None,
            address_failures: None,
            window: Period::from_secs(15 * 60),
            cool_off: Period::from_secs(5 * 60),
            cool_off_max: Period::from_secs(60 * 60),
            by: vec![LockoutBy::Account, LockoutBy::Address],
            allow: Vec::new(),
            reset_on_success: true,
            known_for: Period::from_secs(90 * 86_400),
        }
    }
}

impl Section for LockoutSettings {
    const LABEL: &'static str = "lockout";
    const APP: Option<&'static str> = Some("doorward_auth::lockout::LockoutApp");
    const AFTER: Option<&'static str> = Some("throttle");
}

impl LockoutSettings {
    /// What ends at a date.
    pub(super) fn lives(&self) -> [(&'static str, Period); 4] {
        [
            ("lockout.window", self.window),
            ("lockout.cool_off", self.cool_off),
            ("lockout.cool_off_max", self.cool_off_max),
            ("lockout.known_for", self.known_for),
        ]
    }
}

/// What failures are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[non_exhaustive]
pub enum LockoutBy {
    /// The account, wherever they come from.
    #[serde(rename = "account")]
    Account,
    /// The address, whichever account they are for.
    #[serde(rename = "address")]
    Address,
    /// The two together: one account from one address.
    #[serde(rename = "account+address")]
    AccountAndAddress,
}
