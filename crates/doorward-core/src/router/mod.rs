//! [`Router`]: routes, each behind its guard.

mod explain;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use axum::routing::MethodRouter;
use http::Method;

use crate::context::{View, ViewKind};
use crate::door::Door;
use crate::guard::Guard;
use crate::handlers::Handlers;
use crate::metadata;
use crate::paths::{Audience, Paths};
use crate::policy::{GuardedRoute, Rules};
use crate::service::{DoorService, Routes};
use crate::throttling::{ImproperlyConfigured, Throttle};

pub use crate::paths::RouteError;
pub use crate::served::Served;

/// Routes that a door guards. It wraps axum's router and is none: nothing enters without a policy.
///
/// A route that says nothing gets the policy of the settings.
#[derive(Debug)]
pub struct Router {
    door: Door,
    routes: BTreeMap<String, Entry>,
    problems: Vec<RouteError>,
}

#[derive(Debug)]
enum Entry {
    Guarded(Guard),
    Public(Box<MethodRouter>),
    /// As public, and answered whatever the request's host.
    Probe(Box<MethodRouter>),
    Nested(axum::Router),
}

/// A route as [`Router::routes`] lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// The path, such as `/products/{id}/`.
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
            problems: Vec::new(),
        }
    }

    /// Adds a guarded path. The same path twice is an error at start-up, told by [`Router::into_service`].
    #[must_use]
    pub fn route(mut self, path: &str, route: impl Into<GuardedRoute>) -> Self {
        let route = route.into();
        let path = match route.kind {
            ViewKind::Api => self.door.settings().rest.trailing_slash.served(path),
            ViewKind::Page => path,
        };
        let handlers = Handlers::new(route.methods.clone());
        if handlers.is_empty() {
            self.problems.push(RouteError::NoMethod(path.to_owned()));
        }
        let rules = Rules::new(&self.door, &route);
        let view = view(path, &route, &rules, &handlers);
        let guard = Guard::new(self.door.clone(), view, rules, handlers);
        self.problems.extend(unconfigured(&self.door, &guard));
        self.problems.extend(unfounded(&guard));
        self.add(path, Entry::Guarded(guard))
    }

    /// Adds a path that is not guarded: no authentication, no permission, no throttle.
    #[must_use]
    pub fn public(self, path: &str, service: MethodRouter) -> Self {
        self.add(path, Entry::Public(Box::new(service)))
    }

    /// Adds a public path for what watches over this server: it is answered whatever the `Host` header says, also
    /// without one, and is never redirected to HTTPS.
    ///
    /// Who asks by IP address, as load balancers do, would be refused by `allowed_hosts` otherwise. What answers must
    /// make no address out of the host.
    #[must_use]
    pub fn probe(self, path: &str, service: MethodRouter) -> Self {
        self.add(path, Entry::Probe(Box::new(service)))
    }

    /// Adds a foreign router below a prefix; it is not guarded.
    #[must_use]
    pub fn nest_public(self, prefix: &str, router: axum::Router) -> Self {
        self.add(prefix, Entry::Nested(router))
    }

    /// Adds all routes of another router of this door.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        let mut merged = other
            .routes
            .into_iter()
            .fold(self, |router, (path, entry)| router.add(&path, entry));
        merged.problems.extend(other.problems);
        merged
    }

    /// Every route with its methods and its policy, by path.
    #[must_use]
    pub fn routes(&self) -> Vec<RouteInfo> {
        self.routes.iter().map(|(path, entry)| entry.info(path)).collect()
    }

    /// The service of all routes: ready to be served, and closed to further routes.
    ///
    /// # Errors
    /// The first [`RouteError`] of what was registered.
    pub fn into_service(self) -> Result<DoorService, RouteError> {
        if let Some(problem) = self.problems.into_iter().next() {
            return Err(problem);
        }
        let paths = paths(&self.routes)?;
        let mut routes = Routes::new(self.door.parser_rules().max_body());
        for (path, entry) in self.routes {
            routes = match entry {
                Entry::Guarded(guard) => routes.guarded(&path, guard),
                Entry::Public(service) => routes.open(&path, Served::public(&path).on(*service)),
                Entry::Probe(service) => routes.open(&path, Served::probe(&path).on(*service)),
                Entry::Nested(inner) => routes.nested(&path, inner),
            };
        }
        Ok(DoorService::new(self.door, routes, paths))
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

impl Entry {
    /// The rules that are asked; a page lets everyone in.
    fn asked(&self) -> Option<&Rules> {
        match self {
            Self::Guarded(guard) if guard.view().kind == ViewKind::Api => Some(guard.rules()),
            _ => None,
        }
    }

    /// A page has those ahead of authentication only.
    fn throttles(&self) -> Vec<String> {
        match self {
            Self::Guarded(guard) => {
                let rules = guard.rules();
                words(&[&rules.early_throttles[..], &rules.throttles].concat())
            }
            Self::Public(_) | Self::Probe(_) | Self::Nested(_) => Vec::new(),
        }
    }

    fn methods(&self) -> Vec<Method> {
        match self {
            Self::Guarded(guard) => guard.view().methods.clone(),
            Self::Public(service) | Self::Probe(service) => Handlers::new((**service).clone()).methods(),
            Self::Nested(_) => Vec::new(),
        }
    }

    fn policy(&self) -> String {
        match (self.asked(), self) {
            (Some(rules), _) => rules.to_string(),
            (None, Self::Guarded(_)) => "page".to_owned(),
            (None, _) => "public".to_owned(),
        }
    }

    fn info(&self, path: &str) -> RouteInfo {
        let asked = self.asked();
        RouteInfo {
            path: path.to_owned(),
            methods: self.methods(),
            policy: self.policy(),
            authenticators: asked
                .map(|rules| words(&rules.authenticators))
                .unwrap_or_default(),
            permissions: asked.map(|rules| words(&rules.permissions)).unwrap_or_default(),
            throttles: self.throttles(),
        }
    }
}

/// Policies by name: their `Debug` is one.
fn words<P: Debug + ?Sized>(policies: &[Arc<P>]) -> Vec<String> {
    policies.iter().map(|policy| format!("{policy:?}")).collect()
}

/// The permissions of a path that lack something.
fn unfounded(guard: &Guard) -> Vec<RouteError> {
    let permissions = match guard.view().kind {
        ViewKind::Api => &guard.rules().permissions[..],
        ViewKind::Page => &[],
    };
    let problems = permissions
        .iter()
        .filter_map(|permission| permission.configured(guard.view()).err());
    problems.map(RouteError::Permission).collect()
}

/// The throttles of a path that lack something, or that nobody would ask.
fn unconfigured(door: &Door, guard: &Guard) -> Vec<RouteError> {
    let (view, rules) = (guard.view(), guard.rules());
    let wrong = |throttle: &Arc<dyn Throttle>| match view.kind {
        ViewKind::Api => throttle.configured(door, view).err(),
        ViewKind::Page => Some(ImproperlyConfigured::new("pages ask no throttles")),
    };
    let problem = |reason| RouteError::Throttle {
        path: view.path.to_string(),
        reason,
    };
    let early = rules.early_throttles.iter();
    let early = early.filter_map(|throttle| throttle.configured(door, view).err());
    early
        .chain(rules.throttles.iter().filter_map(wrong))
        .map(problem)
        .collect()
}

fn paths(routes: &BTreeMap<String, Entry>) -> Result<Paths, RouteError> {
    let mut paths = Paths::default();
    for (path, entry) in routes {
        match entry {
            Entry::Guarded(guard) if guard.view().kind == ViewKind::Page => paths.add_page(path)?,
            Entry::Guarded(_) => paths.add(path, Audience::Api)?,
            Entry::Public(_) => paths.add(path, Audience::Browsers)?,
            Entry::Probe(_) => paths.add_probe(path)?,
            Entry::Nested(_) => paths.add_nested(path)?,
        }
    }
    Ok(paths)
}

fn view(path: &str, route: &GuardedRoute, rules: &Rules, handlers: &Handlers) -> View {
    let mut methods = handlers.methods();
    methods.push(Method::OPTIONS);
    View {
        kind: route.kind,
        path: path.into(),
        name: route.name,
        description: route.description,
        reads: route.reads,
        allow: metadata::allow(&methods),
        methods,
        callers: rules.callers(),
        throttle_scope: route.throttle_scope.clone(),
        model: route.model,
        max_body: route.max_body.unwrap_or(usize::MAX),
    }
}
