//! [`App`]: a feature as one slice, from its settings to its pages (`django.apps.AppConfig`).
//!
//! An app brings a section of the settings, tables, commands, and what it adds to a door: authenticators, permissions,
//! throttles, backends, endpoints, subscribers, chores and checks. Nothing else has to know of it: it is added to the list of
//! apps, and that is all.
//!
//! ```
//! use std::sync::Arc;
//!
//! use axum::{Json, routing::get};
//! use doorward_core::app::{App, Endpoint, Installed, Site};
//! use doorward_core::extract::RequestContext;
//! use doorward_core::settings::{Section, SettingsError, SettingsErrors};
//! use schemars::JsonSchema;
//! use serde::{Deserialize, Serialize};
//!
//! /// `[shop]`: what is sold.
//! #[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
//! #[serde(default, deny_unknown_fields)]
//! struct ShopSettings {
//!     /// The currency of the prices, such as `EUR`.
//!     currency: String,
//! }
//!
//! impl Default for ShopSettings {
//!     fn default() -> Self {
//!         Self { currency: "EUR".to_owned() }
//!     }
//! }
//!
//! impl Section for ShopSettings {
//!     const LABEL: &'static str = "shop";
//! }
//!
//! /// What a request reads of the shop.
//! struct Shop {
//!     currency: String,
//! }
//!
//! impl App for Shop {
//!     type Settings = ShopSettings;
//!     type State = Self;
//!
//!     fn resolve(settings: ShopSettings, _: &Site<'_>) -> Result<Self, SettingsErrors> {
//!         match settings.currency.len() {
//!             3 => Ok(Self { currency: settings.currency }),
//!             _ => Err(SettingsError::new("shop.currency", "three letters, such as `EUR`").into()),
//!         }
//!     }
//!
//!     fn install(_: &Arc<Self>, to: &mut Installed) {
//!         to.endpoint(Endpoint::new("shop_currency", "/api/currency/", || get(currency)));
//!     }
//! }
//!
//! async fn currency(request: RequestContext) -> Json<String> {
//!     Json(request.context().door().app::<Shop>().currency.clone())
//! }
//! ```

mod apps;
mod check;
mod chore;
mod endpoint;
mod given;
mod installed;
mod rule;
mod site;
mod urls;

use std::sync::Arc;

use doorward_db::migrations::{Migration, Model};

pub use apps::Apps;
pub(crate) use apps::{Maker, ResolvedApps};
pub use check::Check;
use check::When;
pub use chore::{Chore, ChoreError};
pub use endpoint::Endpoint;
pub use given::Given;
pub use installed::Installed;
pub(crate) use installed::{Named, NamedCookie};
pub use rule::Rule;
pub use site::Site;
pub use urls::{api_path, path};
pub(crate) use urls::{check as check_urls, check_paths};

use crate::check_message::CheckMessage;
#[cfg(feature = "commands")]
use crate::command::Command;
use crate::door::Door;
use crate::entropy::Entropy;
use crate::router::{RouteInfo, Router};
use crate::settings::{Section, Settings, SettingsError, SettingsErrors};

/// A feature of a site: `django.apps.AppConfig`, one slice from settings to pages.
pub trait App: Send + Sync + 'static {
    /// Its section of the settings: [`Section::LABEL`] is the label of the app too, under which its migrations are
    /// recorded and which begins the names of its URLs.
    type Settings: Section;

    /// What its settings are made into, once for each door: the rules, and what requests read. Endpoints get it from
    /// [`Door::app`].
    type State: Send + Sync + 'static;

    /// Its migrations, in their order. They need no settings, so that `migrate` can run alone.
    #[must_use]
    fn migrations() -> Vec<Migration> {
        Vec::new()
    }

    /// Its models, which get content types and permissions.
    #[must_use]
    fn models() -> Vec<Model> {
        Vec::new()
    }

    /// Its commands, for the program of a site. They need no settings, so that `--help` can list them.
    #[cfg(feature = "commands")]
    #[must_use]
    fn commands() -> Vec<Command> {
        Vec::new()
    }

    /// What may be legal in settings and unwise. It needs no rules, so that it is told of settings that are impossible too.
    #[must_use]
    fn checks() -> Vec<Check> {
        Vec::new()
    }

    /// Those of its endpoints that a name and a password are sent to: their names in `[urls]`, and their usual paths.
    #[must_use]
    fn login_endpoints() -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// Its settings as rules. It waits for nothing: no database is open yet. Whoever only checks settings asks for it too,
    /// and drops what it gets.
    ///
    /// # Errors
    /// All that is wrong with the settings: this is the only place that may refuse them. Also that an app is missing which
    /// this one needs: [`Site::app`].
    fn resolve(settings: Self::Settings, site: &Site<'_>) -> Result<Self::State, SettingsErrors>;

    /// Lets settings stand on their own, for a door without users and stores ([`Door::stateless`]): what they leave out
    /// and such a door needs. It is asked before any of them is judged.
    ///
    /// # Errors
    /// What such a door cannot do, and what it cannot do without.
    fn prepare_stateless(settings: &mut Settings, entropy: &dyn Entropy) -> Result<(), SettingsError> {
        let _ = (settings, entropy);
        Ok(())
    }

    /// Adds what it brings.
    fn install(state: &Arc<Self::State>, to: &mut Installed) {
        let _ = (state, to);
    }
}

/// The state of an app, in its slot.
pub(crate) struct AppState<A: App>(pub(crate) Arc<A::State>);

/// The endpoints of all apps.
pub(crate) struct InstalledEndpoints(pub(crate) Vec<Endpoint>);

/// The chores of all apps.
pub(crate) struct Chores(pub(crate) Vec<Chore>);

/// The checks of all apps.
pub(crate) struct Checks(pub(crate) Vec<Check>);

impl Door {
    /// What the app `A` made of its settings.
    ///
    /// # Panics
    /// Where the door was assembled without that app. What an app adds (an endpoint, an authenticator) is there only
    /// together with the app; other apps ask for it by [`Site::app`] when the door is assembled, which refuses.
    #[must_use]
    pub fn app<A: App>(&self) -> &A::State {
        &self.required_slot::<AppState<A>>().0
    }

    /// What an app made when the door opened ([`Installed::open`]); `None` where it made nothing.
    #[must_use]
    pub fn opened<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.slot()
    }

    /// What apps have a server do again and again.
    #[must_use]
    pub fn chores(&self) -> &[Chore] {
        &self.required_slot::<Chores>().0
    }

    /// What the checks of apps find in those settings and routes, but for those [to deploy](Check::deploy): this door's, or
    /// those of the site that it stands for.
    #[must_use]
    pub fn check_apps(&self, settings: &Settings, routes: &[RouteInfo]) -> Vec<CheckMessage> {
        self.run_checks(When::Always, settings, routes)
    }

    /// What those of their checks find that are for a site on the internet.
    pub(crate) fn check_apps_for_deployment(
        &self,
        settings: &Settings,
        routes: &[RouteInfo],
    ) -> Vec<CheckMessage> {
        self.run_checks(When::ToDeploy, settings, routes)
    }

    fn run_checks(&self, when: When, settings: &Settings, routes: &[RouteInfo]) -> Vec<CheckMessage> {
        let checks = self.required_slot::<Checks>().0.iter();
        let checks = checks.filter(|check| check.when == when);
        checks.flat_map(|check| check.run(settings, routes)).collect()
    }

    /// The endpoints of the apps of this site, where `[urls]` wants them.
    #[must_use]
    pub fn endpoints(&self) -> Router {
        let endpoints = self.required_slot::<InstalledEndpoints>().0.iter();
        endpoints.fold(self.router(), |router, endpoint| endpoint.add_to(self, router))
    }

    /// The same as [`Door::app`]; `None` where the door was assembled without that app.
    #[must_use]
    pub fn find_app<A: App>(&self) -> Option<&A::State> {
        self.slot::<AppState<A>>().map(|state| &*state.0)
    }
}
