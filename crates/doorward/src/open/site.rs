//! [`SiteBuilder`]: a site with apps of its own.

use std::fmt;
use std::sync::Arc;

use doorward_core::app::{App, Apps};
use doorward_core::assembly::DoorBuilder;
use doorward_core::exception_handler::ExceptionHandler;

#[cfg(feature = "config")]
use crate::settings::{Environment, LoadErrors, Settings};

/// A site that is not open yet: the apps that it has besides Doorward's (`INSTALLED_APPS`), in their order, and what words its
/// failures.
#[derive(Clone, Default)]
#[must_use = "a site does nothing until it is opened"]
pub struct SiteBuilder {
    apps: Apps,
    #[cfg(feature = "config")]
    defaults: Vec<(String, String)>,
    exception_handler: Option<Arc<dyn ExceptionHandler>>,
}

impl SiteBuilder {
    /// With one more app; it may ask for those before it.
    pub fn app<A: App>(self) -> Self {
        Self {
            apps: self.apps.app::<A>(),
            ..self
        }
    }

    /// With that handler for what fails, whatever `rest.exception_handler` says (`EXCEPTION_HANDLER`).
    ///
    /// ```no_run
    /// use doorward::exception_handler::{ErrorResponse, ExceptionContext, exception_handler};
    /// use doorward::{ApiException, Doorward};
    /// use serde_json::json;
    ///
    /// fn envelope(exception: &ApiException, cx: &ExceptionContext<'_>) -> ErrorResponse {
    ///     let mut response = exception_handler(exception, cx);
    ///     response.data = json!({ "success": false, "code": exception.code(), "error": response.data });
    ///     response
    /// }
    ///
    /// # async fn open() -> doorward::Result<Doorward> {
    /// Doorward::site().exception_handler(envelope).open("doorward.toml").await
    /// # }
    /// ```
    pub fn exception_handler(self, handler: impl ExceptionHandler + 'static) -> Self {
        Self {
            exception_handler: Some(Arc::new(handler)),
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

    /// What the settings are where nobody sets any: Doorward's defaults, and this site's own
    /// [values](Self::default_value). Neither a file nor the environment is read. It is for tests:
    /// `TestDoor::builder().settings(my_site().default_settings()?)`.
    ///
    /// # Errors
    /// What does not fit of the site's own values.
    #[cfg(feature = "config")]
    pub fn default_settings(&self) -> Result<Settings, LoadErrors> {
        let nothing = Environment::new::<&str, &str>([]);
        let read = self.loader().environment(nothing).default_file("").read()?;
        read.fits()?;
        Ok(read.settings().clone())
    }

    /// That door with what the site gives it.
    #[cfg(feature = "config")]
    pub(super) fn give(self, door: DoorBuilder) -> DoorBuilder {
        match self.exception_handler {
            Some(handler) => door.shared_exception_handler(handler),
            None => door,
        }
    }
}

impl fmt::Debug for SiteBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SiteBuilder")
            .field("apps", &self.apps)
            .finish_non_exhaustive()
    }
}
