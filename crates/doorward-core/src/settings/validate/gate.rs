//! Rates, proxies, origins and headers are parsed: what cannot be is told.

use super::{Checked, Settings};
use crate::lockout::Lockout;
use crate::security::Security;
use crate::throttling::ThrottleRules;

pub(super) fn check(settings: &Settings) -> Checked {
    ThrottleRules::new(&settings.throttle)?;
    Lockout::new(&settings.lockout)?;
    Security::new(settings).map(drop)
}
