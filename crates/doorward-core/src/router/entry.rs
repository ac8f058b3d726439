//! [`Entry`]: what is registered at a path, and what it becomes.

use std::fmt::Debug;
use std::sync::Arc;

use axum::extract::Request;
use axum::routing::{MethodRouter, any_service};
use http::Method;
use tower::util::MapRequestLayer;

use super::layers::Layers;
use super::{RouteError, RouteInfo};
use crate::context::{View, ViewKind};
use crate::door::Door;
use crate::guard::Guard;
use crate::handlers::Handlers;
use crate::metadata;
use crate::parsers::ParserRules;
use crate::paths::{Audience, Paths};
use crate::policy::{GuardedRoute, Policy, Rules};
use crate::served::Served;
use crate::service::Routes;
use crate::throttling::{ImproperlyConfigured, Throttle};

/// What is registered at a path, within its layers. Its guard is made when path and policy are settled.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    pub(super) layers: Layers,
}

#[derive(Debug)]
pub(super) enum Kind {
    Guarded(Guarded),
    Public(Box<MethodRouter>),
    /// As public, and answered whatever the request's host.
    Probe(Box<MethodRouter>),
    Nested(axum::Router),
}

/// A route, and its handlers taken apart.
#[derive(Debug)]
pub(super) struct Guarded {
    pub(super) route: Box<GuardedRoute>,
    handlers: Handlers,
}

impl Guarded {
    fn guard(&self, door: &Door, path: &str) -> Guard {
        let rules = Rules::new(door, &self.route);
        let view = view(path, &self.route, &rules, &self.handlers);
        Guard::new(door.clone(), view, rules, self.handlers.clone())
    }

    /// The guard, where it can stand.
    fn checked(&self, door: &Door, path: &str) -> Result<Guard, RouteError> {
        if self.handlers.is_empty() {
            return Err(RouteError::NoMethod(path.to_owned()));
        }
        let guard = self.guard(door, path);
        match unconfigured(door, &guard).or_else(|| unfounded(&guard)) {
            Some(problem) => Err(problem),
            None => Ok(guard),
        }
    }
}

impl Entry {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            layers: Layers::default(),
        }
    }

    pub(super) fn guarded(route: GuardedRoute) -> Self {
        let handlers = Handlers::new(route.methods.clone());
        let route = Box::new(route);
        Self::new(Kind::Guarded(Guarded { route, handlers }))
    }

    /// Whether it is a route of the API.
    pub(super) fn is_api(&self) -> bool {
        matches!(&self.kind, Kind::Guarded(Guarded { route, .. }) if route.kind == ViewKind::Api)
    }

    /// Has it take what it says nothing of from the policy of its group; a page has none.
    pub(super) fn fall_back_on(&mut self, group: &Policy) {
        match &mut self.kind {
            Kind::Guarded(Guarded { route, .. }) if route.kind == ViewKind::Api => {
                route.policy = std::mem::take(&mut route.policy).or(group);
            }
            _ => {}
        }
    }

    /// Its guard, at that path; `None` where nobody guards it.
    pub(super) fn guard(&self, door: &Door, path: &str) -> Option<Guard> {
        match &self.kind {
            Kind::Guarded(guarded) => Some(guarded.guard(door, path)),
            Kind::Public(_) | Kind::Probe(_) | Kind::Nested(_) => None,
        }
    }

    /// Tells the path to those that know all paths.
    pub(super) fn add_to(&self, paths: &mut Paths, path: &str) -> Result<(), RouteError> {
        match &self.kind {
            Kind::Guarded(_) if self.is_api() => paths.add(path, Audience::Api),
            Kind::Guarded(_) => paths.add_page(path),
            Kind::Public(_) => paths.add(path, Audience::Browsers),
            Kind::Probe(_) => paths.add_probe(path),
            Kind::Nested(_) => paths.add_nested(path),
        }
    }

    /// Tells those that know all paths who asks for the others.
    pub(super) fn add_fallback_to(&self, paths: &mut Paths) {
        paths.add_fallback(match self.kind {
            Kind::Guarded(_) => Audience::Api,
            Kind::Public(_) | Kind::Probe(_) | Kind::Nested(_) => Audience::Browsers,
        });
    }

    /// Those routes with this one.
    pub(super) fn serve(self, door: &Door, path: &str, routes: Routes) -> Result<Routes, RouteError> {
        Ok(match self.kind {
            Kind::Guarded(guarded) if self.layers.is_empty() => {
                routes.guarded(path, guarded.checked(door, path)?)
            }
            Kind::Nested(inner) => routes.nested(path, self.layers.around_router(inner)),
            _ => routes.open(path, self.into_methods(door, path)?),
        })
    }

    /// It as a service for every method, within its layers.
    pub(super) fn into_methods(self, door: &Door, path: &str) -> Result<MethodRouter, RouteError> {
        Ok(self.layers.around(match self.kind {
            Kind::Guarded(guarded) => any_service(guarded.checked(door, path)?),
            Kind::Public(methods) => Served::public(path).on(parsing(door.parser_rules(), *methods)),
            Kind::Probe(methods) => Served::probe(path).on(parsing(door.parser_rules(), *methods)),
            Kind::Nested(router) => any_service(router),
        }))
    }

    pub(super) fn info(&self, door: &Door, path: &str) -> RouteInfo {
        let guard = self.guard(door, path);
        let rules = guard.as_ref().map(Guard::rules);
        let asked = guard.as_ref().and_then(asked);
        RouteInfo {
            path: path.to_owned(),
            methods: self.methods(guard.as_ref()),
            policy: match (asked, rules) {
                (Some(rules), _) => rules.to_string(),
                (None, Some(_)) => "page".to_owned(),
                (None, None) => "public".to_owned(),
            },
            authenticators: asked
                .map(|rules| words(&rules.authenticators))
                .unwrap_or_default(),
            permissions: asked.map(|rules| words(&rules.permissions)).unwrap_or_default(),
            throttles: rules.map(throttles).unwrap_or_default(),
        }
    }

    fn methods(&self, guard: Option<&Guard>) -> Vec<Method> {
        match (&self.kind, guard) {
            (_, Some(guard)) => guard.view().methods.clone(),
            (Kind::Public(service) | Kind::Probe(service), _) => Handlers::new((**service).clone()).methods(),
            _ => Vec::new(),
        }
    }
}

/// Those methods, which nobody guards, with bodies parsed by the rules of the door.
fn parsing(rules: &ParserRules, methods: MethodRouter) -> MethodRouter {
    let rules = rules.clone();
    methods.layer(MapRequestLayer::new(move |mut request: Request| {
        request.extensions_mut().insert(rules.clone());
        request
    }))
}

/// The rules that are asked; a page lets everyone in.
fn asked(guard: &Guard) -> Option<&Rules> {
    (guard.view().kind == ViewKind::Api).then(|| guard.rules())
}

/// A page has those ahead of authentication only.
fn throttles(rules: &Rules) -> Vec<String> {
    words(&[&rules.early_throttles[..], &rules.throttles].concat())
}

/// Policies by name: their `Debug` is one.
fn words<P: Debug + ?Sized>(policies: &[Arc<P>]) -> Vec<String> {
    policies.iter().map(|policy| format!("{policy:?}")).collect()
}

/// A permission of a path that lacks something.
fn unfounded(guard: &Guard) -> Option<RouteError> {
    let view = guard.view();
    let permissions = asked(guard)
        .map(|rules| &rules.permissions[..])
        .unwrap_or_default();
    let mut problems = permissions
        .iter()
        .filter_map(|permission| permission.configured(view).err());
    problems.next().map(RouteError::Permission)
}

/// A throttle of a path that lacks something, or that nobody would ask.
fn unconfigured(door: &Door, guard: &Guard) -> Option<RouteError> {
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
        .next()
}

fn view(path: &str, route: &GuardedRoute, rules: &Rules, handlers: &Handlers) -> View {
    let mut methods = handlers.methods();
    if !methods.contains(&Method::OPTIONS) {
        methods.push(Method::OPTIONS);
    }
    View {
        kind: route.kind,
        path: path.into(),
        name: route.name,
        description: route.description,
        reads: route.reads.clone(),
        allow: metadata::allow(&methods),
        methods,
        callers: rules.callers(),
        throttle_scope: route.throttle_scope.clone(),
        model: route.model,
        max_body: route.max_body.unwrap_or(usize::MAX),
    }
}
