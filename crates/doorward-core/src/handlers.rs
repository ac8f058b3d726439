//! A [`MethodRouter`] taken apart: one service for each method.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, Route};
use futures_util::FutureExt;
use http::Method;
use tower::ServiceExt;
use tower::layer::layer_fn;

/// The handler of each method that has one, in DRF's order; HEAD comes with GET.
///
/// No handler runs: a copy of the router is layered so that each of its services answers with a number of its own,
/// and a method that gets the fallback's number has no handler.
pub(crate) fn handlers(router: MethodRouter) -> Vec<(Method, Route)> {
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

pub(crate) fn names(handlers: &[(Method, Route)]) -> Vec<Method> {
    handlers.iter().map(|(method, _)| method.clone()).collect()
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
