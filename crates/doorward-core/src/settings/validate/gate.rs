//! Rates, proxies and origins are parsed: what cannot be is told.

use super::{Checked, Settings};
use crate::cors::Cors;
use crate::throttling::ThrottleRules;

pub(super) fn check(settings: &Settings) -> Checked {
    ThrottleRules::new(&settings.throttle)?;
    Cors::new(&settings.cors).map(drop)
}
