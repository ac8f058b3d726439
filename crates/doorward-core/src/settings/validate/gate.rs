//! Rates, proxies, origins, headers, keys and hashers are judged where they are made, each by itself: what cannot be is
//! told.

use super::{Findings, Settings};
use crate::authentication::RemoteUserRules;
use crate::endpoints;
use crate::lockout::Lockout;
use crate::passwords::PasswordHashing;
use crate::security::Security;
use crate::throttling::ThrottleRules;
use crate::tokens::TokenRules;

pub(super) fn check(settings: &Settings, found: &mut Findings) {
    endpoints::check(settings, found);
    PasswordHashing::check_settings(&settings.passwords, found);
    TokenRules::check(settings, found);
    Security::check(settings, found);
    ThrottleRules::check(&settings.throttle, found);
    Lockout::check(&settings.lockout, found);
    RemoteUserRules::check(&settings.remote_user, found);
}
