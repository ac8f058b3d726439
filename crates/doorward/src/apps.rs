//! The apps that a site has without being told.

use doorward_core::app::Apps;
use doorward_core::settings::Settings;

/// The apps that every site has, in their order; its own stand after them.
#[must_use]
pub fn own_apps() -> Apps {
    doorward_auth::apps()
}

/// Those, and then the site's own.
pub(crate) fn and_own(apps: &Apps) -> Apps {
    own_apps().and(apps)
}

/// The settings of a site that has them too.
pub(crate) fn with_own(settings: Settings) -> Settings {
    let apps = and_own(&settings.apps());
    settings.with_apps(&apps)
}
