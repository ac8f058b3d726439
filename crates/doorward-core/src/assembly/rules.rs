//! [`Rules`]: what the modules make of the settings, and in which order they are asked.

use super::cookies;
use super::named::NamedRules;
use super::own;
use crate::app::{self, ResolvedApps};
use crate::passwords::PasswordHashing;
use crate::settings::validate::{metrics, periods, secret_key, tokens, unsupported};
use crate::settings::{Findings, Settings};
use crate::tokens::TokenRules;

/// The rules of each module that makes any of its settings.
pub(super) struct Rules {
    pub(super) passwords: PasswordHashing,
    pub(super) tokens: TokenRules,
    pub(super) named: NamedRules,
    pub(super) apps: ResolvedApps,
}

impl Rules {
    /// Asks every module, so that all that is wrong is told at once: in this order.
    pub(super) fn resolve(settings: &Settings, found: &mut Findings) -> Option<Self> {
        check_values(settings, found);
        cookies::check(settings, found);
        check_sections(settings, found);
        let apps = own::resolve(settings, found);
        cookies::check_apart(settings, &apps.installed.cookies, found);
        let named = named(settings, &apps, found);
        let passwords = PasswordHashing::resolve(&settings.passwords, found);
        let tokens = TokenRules::resolve(settings, found);
        unsupported::check(settings, found);
        Some(Self {
            passwords: passwords?,
            tokens: tokens?,
            named,
            apps,
        })
    }
}

/// What the names of the settings stand for. A name that nobody knows is told, unless a refused app might have brought it.
fn named(settings: &Settings, apps: &ResolvedApps, found: &mut Findings) -> NamedRules {
    let (mut names, mut urls) = (Findings::default(), Findings::default());
    let named = NamedRules::resolve(settings, &apps.installed, &mut names);
    app::check_urls(settings, &apps.installed.endpoints, &mut urls);
    if apps.have_all(&settings.apps()) {
        found.append(names);
    }
    if apps.have_all(&settings.all_apps()) {
        found.append(urls);
    }
    named
}

/// Addresses, numbers and periods.
fn check_values(settings: &Settings, found: &mut Findings) {
    periods::check(settings, found);
    secret_key::check(settings, found);
}

/// Sections of which no rules are made.
fn check_sections(settings: &Settings, found: &mut Findings) {
    tokens::check(settings, found);
    metrics::check(settings, found);
}
