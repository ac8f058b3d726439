//! [`Endpoint`]: a route that comes with an app.

use std::fmt;
use std::sync::Arc;

use axum::routing::MethodRouter;

use crate::door::Door;
use crate::policy::GuardedRoute;
use crate::router::Router;
use crate::settings::{Settings, UrlSettings};

/// A route that comes with an app. `[urls]` may move it, or switch it off, by its name.
#[derive(Clone)]
pub struct Endpoint {
    pub(crate) name: &'static str,
    usual: &'static str,
    mount: Arc<Mount>,
    default: Default,
    serves: fn(&Door) -> bool,
    takes_its_path: fn(&Settings) -> bool,
}

/// Adds an endpoint to the routes of a door, at its path.
type Mount = dyn Fn(&Door, Router, &str) -> Router + Send + Sync;

/// Whether an endpoint of which `[urls]` says nothing is mounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Default {
    On,
    Off,
}

impl Endpoint {
    /// An endpoint of that name, which stands at the path `usual` unless `[urls]` says otherwise; `route` makes it.
    pub fn new<R: Into<GuardedRoute>>(
        name: &'static str,
        usual: &'static str,
        route: impl Fn() -> R + Send + Sync + 'static,
    ) -> Self {
        Self::mounted(name, usual, move |_, router, path| router.route(path, route()))
    }

    /// An endpoint for what watches over the server: nobody guards it, and it is answered whatever the `Host` header says, as
    /// [`Router::probe`] has it. `service` makes it for a door.
    pub fn probe(
        name: &'static str,
        usual: &'static str,
        service: impl Fn(&Door) -> MethodRouter + Send + Sync + 'static,
    ) -> Self {
        Self::mounted(name, usual, move |door, router, path| {
            router.probe(path, service(door).with_state(()))
        })
    }

    /// An endpoint that another program of the same site serves, and this one does not: its name may be set.
    pub(crate) fn elsewhere(name: &'static str) -> Self {
        Self::mounted(name, "", |_, router, _| router)
            .only_where(|_| false)
            .takes_its_path_where(|_| false)
    }

    fn mounted(
        name: &'static str,
        usual: &'static str,
        mount: impl Fn(&Door, Router, &str) -> Router + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            usual,
            mount: Arc::new(mount),
            default: Default::On,
            serves: |_| true,
            takes_its_path: |_| true,
        }
    }

    /// The same, off unless `[urls]` switches it on or names a path: it is for other services, not for people.
    #[must_use]
    pub fn off(mut self) -> Self {
        self.default = Default::Off;
        self
    }

    /// The same, for doors that keep something only: not for one that only verifies tokens.
    #[must_use]
    pub fn with_stores(self) -> Self {
        self.only_where(|door| !door.is_stateless())
    }

    /// The same, mounted only at doors of which that is true.
    #[must_use]
    pub fn only_where(mut self, serves: fn(&Door) -> bool) -> Self {
        self.serves = serves;
        self
    }

    /// The same; under other settings than those its path is free for something else.
    #[must_use]
    pub fn takes_its_path_where(mut self, takes: fn(&Settings) -> bool) -> Self {
        self.takes_its_path = takes;
        self
    }

    /// Its path; `None` where it is switched off.
    pub(crate) fn path<'u>(&self, urls: &'u UrlSettings) -> Option<&'u str> {
        match self.default {
            Default::Off if !urls.0.contains_key(self.name) => None,
            _ => urls.path(self.name, self.usual),
        }
    }

    /// Those routes with this one, where that door serves it and the settings want it.
    pub(crate) fn add_to(&self, door: &Door, router: Router) -> Router {
        match self.path(&door.settings().urls) {
            Some(path) if (self.serves)(door) => (self.mount)(door, router, path),
            _ => router,
        }
    }

    /// Whether nothing else may stand at its path.
    pub(crate) fn takes_its_path(&self, settings: &Settings) -> bool {
        (self.takes_its_path)(settings)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.usual)
    }
}
