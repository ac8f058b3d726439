//! [`Rules`]: what the modules make of the settings, and in which order they are asked.

use super::cookies;
use super::named::NamedRules;
use super::{own, silenced};
use crate::app::{self, Maker, ResolvedApps};
use crate::password_validation::check_options;
use crate::passwords::PasswordHashing;
use crate::settings::validate::secret_key;
use crate::settings::{Findings, Settings};

/// The rules of each module that makes any of its settings.
pub(super) struct Rules {
    pub(super) passwords: PasswordHashing,
    pub(super) named: NamedRules,
    pub(super) apps: ResolvedApps,
}

impl Rules {
    /// Asks every module, so that all that is wrong is told at once: in this order.
    pub(super) fn resolve(settings: &Settings, found: &mut Findings) -> Option<Self> {
        secret_key::check(settings, found);
        let apps = own::resolve(settings, found);
        cookies::check(settings, &apps.installed.cookies, found);
        let named = named(settings, &apps, found);
        check_options(&settings.passwords, found);
        let passwords = PasswordHashing::resolve(&settings.passwords, found);
        Some(Self {
            passwords: passwords?,
            named,
            apps,
        })
    }
}

/// Whether every name in the settings stands for something; nothing else is judged.
pub(super) fn check_names(settings: &Settings, found: &mut Findings) {
    let apps = own::resolve(settings, &mut Findings::default());
    named(settings, &apps, found);
}

/// What the names of the settings stand for. A name that nobody knows is told, unless a refused app might have brought it.
fn named(settings: &Settings, apps: &ResolvedApps, found: &mut Findings) -> NamedRules {
    let (mut names, mut urls) = (Findings::default(), Findings::default());
    let named = NamedRules::resolve(settings, apps, &mut names);
    silenced::check(settings, &apps.installed.checks, &mut names);
    app::check_paths(settings, found);
    app::check_urls(settings, &apps.installed.endpoints, &mut urls);
    let all = settings.all_apps();
    if apps.have_all_of(Maker::Site, &all) {
        found.append(names);
    }
    if apps.have_all(&all) {
        found.append(urls);
    }
    named
}
