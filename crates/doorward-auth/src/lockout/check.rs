//! `doorward.W012`: passwords that can be guessed without end.

use doorward_core::app;
use doorward_core::app::Check;
use doorward_core::checks::{CheckMessage, Level};
use doorward_core::settings::{AuthenticatorName, Settings};

use super::settings::LockoutSettings;

pub(super) fn check() -> Check {
    Check::deploy(|settings, _| {
        let counts = settings.section::<LockoutSettings>().failures.is_some();
        let message = CheckMessage::new(
            "doorward.W012",
            Level::Warning,
            "`lockout.failures` is not set: passwords can be guessed without end",
            "set it, to 5 for instance; strangers are locked out then, and never an account's owner",
        );
        let found = (!counts && takes_passwords(settings)).then_some(message);
        found.into_iter().collect()
    })
}

/// Whether some endpoint of the site's apps, or every route, takes a name and a password.
fn takes_passwords(settings: &Settings) -> bool {
    let by_basic = settings.rest.authentication.contains(&AuthenticatorName::Basic);
    let apps = settings.all_apps();
    let mut endpoints = apps.login_endpoints();
    by_basic || endpoints.any(|(name, usual)| app::path(&settings.urls, name, usual).is_some())
}
