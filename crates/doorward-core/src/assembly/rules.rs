//! [`Rules`]: what the modules make of the settings, and in which order they are asked.

use doorward_django::csrf::TrustedOrigins;

use super::cookies;
use super::named::NamedRules;
use super::own;
use crate::app::{self, ResolvedApps};
use crate::lockout::{Lockout, LockoutSettings};
use crate::passwords::PasswordHashing;
use crate::schemes::{RemoteUserRules, RemoteUserSettings};
use crate::security::Security;
use crate::settings::validate::{
    acme, database, limits, listener, metrics, periods, redirects, redis, secret_key, surroundings, tokens,
    unsupported,
};
use crate::settings::{Findings, Settings};
use crate::throttling::ThrottleRules;
use crate::tokens::TokenRules;
use crate::{csrf, mail};

/// The rules of each module that makes any of its settings.
pub(super) struct Rules {
    pub(super) trusted_origins: TrustedOrigins,
    pub(super) passwords: PasswordHashing,
    pub(super) tokens: TokenRules,
    pub(super) security: Security,
    pub(super) throttling: ThrottleRules,
    pub(super) lockout: Option<Lockout>,
    pub(super) remote_user: RemoteUserRules,
    pub(super) named: NamedRules,
    pub(super) apps: ResolvedApps,
}

impl Rules {
    /// Asks every module, so that all that is wrong is told at once: in this order.
    pub(super) fn resolve(settings: &Settings, found: &mut Findings) -> Option<Self> {
        check_values(settings, found);
        cookies::check(settings, found);
        let trusted_origins = csrf::resolve_trusted_origins(&settings.csrf, found);
        check_sections(settings, found);
        let apps = own::resolve(settings, found);
        let mut names = Findings::default();
        let named = NamedRules::resolve(settings, &apps.installed, &mut names);
        app::check_urls(settings, &apps.installed.endpoints, &mut names);
        if apps.are_complete() {
            found.append(names);
        }
        let passwords = PasswordHashing::resolve(&settings.passwords, found);
        let tokens = TokenRules::resolve(settings, found);
        let security = Security::resolve(settings, found);
        let throttling = ThrottleRules::resolve(&settings.throttle, found);
        let lockout = Lockout::resolve(&settings.section::<LockoutSettings>(), found);
        let remote_user = RemoteUserRules::resolve(&settings.section::<RemoteUserSettings>(), found);
        unsupported::check(settings, found);
        Some(Self {
            trusted_origins: trusted_origins?,
            passwords: passwords?,
            tokens: tokens?,
            security: security?,
            throttling: throttling?,
            lockout: lockout?,
            remote_user: remote_user?,
            named,
            apps,
        })
    }
}

/// Addresses, numbers and periods.
fn check_values(settings: &Settings, found: &mut Findings) {
    listener::check(&settings.server, found);
    acme::check(&settings.server, found);
    limits::check(settings, found);
    periods::check(settings, &settings.section::<LockoutSettings>().lives(), found);
    secret_key::check(settings, found);
    database::check(&settings.database, found);
}

/// Sections of which no rules are made.
fn check_sections(settings: &Settings, found: &mut Findings) {
    redirects::check(&settings.session, found);
    tokens::check(settings, found);
    mail::check(settings, found);
    redis::check(settings, found);
    metrics::check(settings, found);
    surroundings::check(settings, found);
}
