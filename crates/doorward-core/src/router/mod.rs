//! [`Router`]: routes, each behind its guard.

mod compose;
mod entry;
mod explain;
mod layers;
mod public;

use std::collections::BTreeMap;

use axum::routing::MethodRouter;
use http::Method;

use crate::door::Door;
use crate::paths::Paths;
use crate::policy::GuardedRoute;
use crate::service::{DoorService, Routes};
use entry::{Entry, Kind};
use layers::Layers;

pub use crate::paths::RouteError;
pub use crate::served::Served;
pub use public::Public;

/// Routes that a door guards. It wraps axum's router and is none: nothing enters without a policy.
///
/// A route that says nothing gets the policy of its group ([`with_policy`](Self::with_policy)), and then that of the
/// settings. What stands around it ([`layer`](Self::layer)) and where it stands ([`nest`](Self::nest)) changes nothing of
/// its guard, which stands right before its handlers.
#[derive(Debug)]
pub struct Router {
    door: Door,
    routes: BTreeMap<String, Entry>,
    /// What answers below a prefix where no route is, by prefix; that of the whole router has the empty one.
    fallbacks: BTreeMap<String, Entry>,
    /// What stands around the 404 of a router without a fallback.
    unfound: Layers,
    problems: Vec<RouteError>,
}

/// A route as [`Router::routes`] lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// The path, such as `/products/{id}/`; of a fallback, its prefix with `/{*fallback}`.
    pub path: String,
    /// The methods it answers.
    pub methods: Vec<Method>,
    /// Its policy in words: authenticators, permissions and throttles; or `page`, or `public`.
    pub policy: String,
    /// Who is asked who calls, by name, in order.
    pub authenticators: Vec<String>,
    /// Which permissions must grant; on a page and a public path there are none.
    pub permissions: Vec<String>,
    /// Which throttles count; those that do so before any credential is looked at stand first.
    pub throttles: Vec<String>,
}

impl RouteInfo {
    /// Whether everyone may pass: no permission is asked, or one only that grants whatever comes.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.permissions.iter().all(|permission| permission == "AllowAny")
    }
}

impl Door {
    /// A router whose routes this door guards.
    #[must_use]
    pub fn router(&self) -> Router {
        Router::new(self.clone())
    }
}

impl Router {
    fn new(door: Door) -> Self {
        Self {
            door,
            routes: BTreeMap::new(),
            fallbacks: BTreeMap::new(),
            unfound: Layers::default(),
            problems: Vec::new(),
        }
    }

    /// Adds a guarded path. The same path twice is an error at start-up, told by [`Router::into_service`].
    ///
    /// The handler of `any(…)` or `any_service(…)` gets every method that has none of its own, behind the same guard; that of
    /// `MethodRouter::fallback` gets them too, but for OPTIONS, which the guard answers.
    #[must_use]
    pub fn route(self, path: &str, route: impl Into<GuardedRoute>) -> Self {
        let entry = Entry::guarded(route.into());
        let path = self.served(path, &entry).to_owned();
        self.add(&path, entry)
    }

    /// Adds a path that is not guarded: no authentication, no permission, no throttle.
    ///
    /// A handler that takes a [`User`](crate::User) does not compile here, for nobody would know one; see [`Public`].
    #[must_use]
    pub fn public(self, path: &str, service: MethodRouter<Public>) -> Self {
        self.add(
            path,
            Entry::new(Kind::Public(Box::new(service.with_state(Public::new())))),
        )
    }

    /// Adds a public path for what watches over this server: it is answered whatever the `Host` header says, also
    /// without one, and is never redirected to HTTPS.
    ///
    /// Who asks by IP address, as load balancers do, would be refused by `allowed_hosts` otherwise. What answers must
    /// make no address out of the host.
    #[must_use]
    pub fn probe(self, path: &str, service: MethodRouter<Public>) -> Self {
        self.add(
            path,
            Entry::new(Kind::Probe(Box::new(service.with_state(Public::new())))),
        )
    }

    /// Adds a foreign router below a prefix; it is not guarded.
    #[must_use]
    pub fn nest_public(self, prefix: &str, router: axum::Router) -> Self {
        self.add(prefix, Entry::new(Kind::Nested(router)))
    }

    /// Every route with its methods and its policy, by path; then the fallbacks.
    #[must_use]
    pub fn routes(&self) -> Vec<RouteInfo> {
        let routes = self.routes.iter().map(|(path, entry)| (path.clone(), entry));
        let fallbacks = self.fallbacks.iter();
        let fallbacks = fallbacks.map(|(prefix, entry)| (fallback_path(prefix), entry));
        routes
            .chain(fallbacks)
            .map(|(path, entry)| entry.info(&self.door, &path))
            .collect()
    }

    /// The service of all routes: ready to be served, and closed to further routes.
    ///
    /// # Errors
    /// The first [`RouteError`] of what was registered.
    pub fn into_service(self) -> Result<DoorService, RouteError> {
        let Self {
            door,
            routes: entries,
            fallbacks,
            unfound,
            problems,
        } = self;
        if let Some(problem) = problems.into_iter().next() {
            return Err(problem);
        }
        let mut paths = Paths::default();
        let mut routes = Routes::new(door.parser_rules().max_body());
        for (path, entry) in entries {
            entry.add_to(&mut paths, &path)?;
            routes = entry.serve(&door, &path, routes)?;
        }
        let mut below = Paths::default();
        for (prefix, entry) in fallbacks {
            match prefix.as_str() {
                "" => entry.add_fallback_to(&mut paths),
                prefix => below.add_nested(prefix)?,
            }
            let path = fallback_path(&prefix);
            let service = entry.into_methods(&door, &path)?;
            routes = routes.fallback_below(&prefix, service);
        }
        let unfound = |service| unfound.around(service);
        Ok(DoorService::new(door, routes, paths, unfound))
    }

    /// A path as it is served: one of the API ends as `rest.trailing_slash` has it.
    fn served<'p>(&self, path: &'p str, entry: &Entry) -> &'p str {
        match entry.is_api() {
            true => self.door.settings().rest.trailing_slash.served(path),
            false => path,
        }
    }

    fn add(mut self, path: &str, entry: Entry) -> Self {
        if self.routes.contains_key(path) {
            self.problems.push(RouteError::Twice(path.to_owned()));
        } else {
            self.routes.insert(path.to_owned(), entry);
        }
        self
    }
}

/// The path that a fallback is listed and counted under.
fn fallback_path(prefix: &str) -> String {
    format!("{prefix}/{{*fallback}}")
}
