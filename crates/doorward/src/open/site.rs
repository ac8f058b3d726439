//! [`SiteBuilder`]: a site with apps of its own.

use doorward_core::app::{App, Apps};

/// A site that is not open yet: the apps that it has besides Doorward's (`INSTALLED_APPS`), in their order.
#[derive(Clone, Debug, Default)]
#[must_use = "a site does nothing until it is opened"]
pub struct SiteBuilder {
    apps: Apps,
}

impl SiteBuilder {
    /// With one more app; it may ask for those before it.
    pub fn app<A: App>(self) -> Self {
        Self {
            apps: self.apps.app::<A>(),
        }
    }

    /// The apps so far.
    #[must_use]
    pub fn apps(&self) -> &Apps {
        &self.apps
    }

    /// A loader of this site's settings: it knows the sections of the apps.
    #[cfg(feature = "config")]
    #[must_use]
    pub fn loader(&self) -> crate::settings::Loader {
        crate::settings::Loader::new().apps(&self.apps)
    }
}
