//! [`Handlers`]: what answers at a path, by method; a [`MethodRouter`] taken apart.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, Route};
use futures_util::FutureExt;
use http::Method;
use http::request::Parts;
use tower::layer::layer_fn;
use tower::{Service, ServiceExt};

use crate::context::RequestState;

/// The handler of each method that has one, in DRF's order; HEAD comes with GET.
#[derive(Clone, Debug)]
pub(crate) struct Handlers(Arc<[(Method, Route)]>);

impl Handlers {
    /// Those of an axum router for one path.
    pub(crate) fn new(router: MethodRouter) -> Self {
        Self(handlers(router).into())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The handler of a method; HEAD is GET, whose body the server leaves out.
    pub(crate) fn of(&self, method: &Method) -> Option<Route> {
        let mut handlers = self.0.iter();
        handlers
            .find(|(name, _)| name == method)
            .map(|(_, route)| route.clone())
    }

    /// The methods that have a handler.
    pub(crate) fn methods(&self) -> Vec<Method> {
        self.0.iter().map(|(method, _)| method.clone()).collect()
    }
}

/// Calls a handler, with the proof that the guard let the request pass.
pub(crate) fn handle(
    mut parts: Parts,
    state: &Arc<RequestState>,
    mut handler: Route,
) -> impl Future<Output = Response> + Send + use<> {
    let body = state.body.take();
    parts.extensions.insert(Arc::clone(state));
    // It is always ready.
    let answer = handler.call(Request::from_parts(parts, body));
    answer.map(|Ok(response)| response)
}

/// No handler runs: a copy of the router is layered so that each of its services answers with a number of its own,
/// and a method that gets the fallback's number has no handler.
fn handlers(router: MethodRouter) -> Vec<(Method, Route)> {
    let (numbered, routes) = numbered(router);
    let unknown = Method::from_bytes(b"NO-SUCH-METHOD").ok();
    let fallback = unknown.and_then(|method| number(&numbered, method));
    let standard = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::HEAD,
    ];
    let handler = |method: Method| {
        let number = number(&numbered, method.clone()).filter(|number| Some(*number) != fallback)?;
        Some((method, routes.get(number)?.clone()))
    };
    standard.into_iter().filter_map(handler).collect()
}

/// The number of a service: its place in the list that [`numbered`] gives.
#[derive(Clone, Copy)]
struct Number(usize);

fn numbered(router: MethodRouter) -> (MethodRouter, Vec<Route>) {
    let routes = Arc::new(Mutex::new(Vec::new()));
    let collected = Arc::clone(&routes);
    let numbered = router.with_state::<()>(()).layer(layer_fn(move |route: Route| {
        let mut routes = collected.lock().unwrap_or_else(PoisonError::into_inner);
        let number = Number(routes.len());
        routes.push(route);
        tower::service_fn(move |_: Request| async move {
            let mut response = ().into_response();
            response.extensions_mut().insert(number);
            Ok::<Response, Infallible>(response)
        })
    }));
    let routes = routes.lock().unwrap_or_else(PoisonError::into_inner).clone();
    (numbered, routes)
}

fn number(router: &MethodRouter, method: Method) -> Option<usize> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = method;
    let Ok(response) = router.clone().oneshot(request).now_or_never()?;
    response.extensions().get::<Number>().map(|number| number.0)
}
