//! [`Layers`]: what stands around routes, from the innermost outwards.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, Route};
use tower::{Layer, Service};

/// Layers of any types, each of which takes a route and is one again.
#[derive(Clone, Default)]
pub(super) struct Layers(Vec<Arc<dyn AnyLayer>>);

/// A layer whose type is forgotten.
trait AnyLayer: Send + Sync {
    fn around_methods(&self, methods: MethodRouter) -> MethodRouter;
    fn around_router(&self, router: axum::Router) -> axum::Router;
}

impl<L> AnyLayer for L
where
    L: Layer<Route> + Clone + Send + Sync + 'static,
    L::Service: Service<Request> + Clone + Send + Sync + 'static,
    <L::Service as Service<Request>>::Response: IntoResponse + 'static,
    <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
    <L::Service as Service<Request>>::Future: Send + 'static,
{
    fn around_methods(&self, methods: MethodRouter) -> MethodRouter {
        methods.layer(self.clone())
    }

    fn around_router(&self, router: axum::Router) -> axum::Router {
        router.layer(self.clone())
    }
}

impl Layers {
    pub(super) fn push<L>(&mut self, layer: L)
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.0.push(Arc::new(layer));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn around(&self, methods: MethodRouter) -> MethodRouter {
        self.0
            .iter()
            .fold(methods, |methods, layer| layer.around_methods(methods))
    }

    pub(super) fn around_router(&self, router: axum::Router) -> axum::Router {
        self.0
            .iter()
            .fold(router, |router, layer| layer.around_router(router))
    }
}

impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Layers({})", self.0.len())
    }
}
