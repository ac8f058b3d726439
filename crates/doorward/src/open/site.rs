//! [`SiteBuilder`]: a site with apps of its own.

use doorward_core::app::{App, Apps};

/// A site that is not open yet: the apps that it has besides Doorward's (`INSTALLED_APPS`), in their order.
#[derive(Clone, Debug, Default)]
#[must_use = "a site does nothing until it is opened"]
pub struct SiteBuilder {
    apps: Apps,
    #[cfg(feature = "config")]
    defaults: Vec<(String, String)>,
}

impl SiteBuilder {
    /// With one more app; it may ask for those before it.
    pub fn app<A: App>(self) -> Self {
        Self {
            apps: self.apps.app::<A>(),
            ..self
        }
    }

    /// A value that counts where neither the settings file nor the environment sets that key, as
    /// [`Loader::default_value`](crate::settings::Loader::default_value) has it.
    ///
    /// ```no_run
    /// # use doorward::Doorward;
    /// # async fn open() -> doorward::Result<Doorward> {
    /// let site = Doorward::site().default_value("throttle.rates.burst", "60/min");
    /// site.open("doorward.toml").await
    /// # }
    /// ```
    #[cfg(feature = "config")]
    pub fn default_value(mut self, key: &str, text: &str) -> Self {
        self.defaults.push((key.to_owned(), text.to_owned()));
        self
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
        let loader = crate::settings::Loader::new().apps(&self.apps);
        let defaults = self.defaults.iter();
        defaults.fold(loader, |loader, (key, text)| loader.default_value(key, text))
    }
}
