//! [`Handlers`]: what answers at a path, by method; a [`MethodRouter`] taken apart.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, Route};
use futures_util::FutureExt;
use http::Method;
use http::header::ALLOW;
use http::request::Parts;
use tower::layer::layer_fn;
use tower::{Service, ServiceExt};

use crate::context::RequestState;

/// Every method that axum has a function for, in DRF's order (`View.http_method_names`).
const NAMED: [Method; 9] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::HEAD,
    Method::OPTIONS,
    Method::TRACE,
    Method::CONNECT,
];

/// Those of them that are told of a route which takes any method.
const USUAL: [Method; 7] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::HEAD,
    Method::OPTIONS,
];

/// The handler of each method that has one, in DRF's order; HEAD comes with GET.
#[derive(Clone, Debug)]
pub(crate) struct Handlers(Arc<Table>);

#[derive(Debug)]
struct Table {
    named: Vec<(Method, Route)>,
    others: Others,
}

/// What answers a method that has no handler of its own.
#[derive(Debug)]
enum Others {
    /// Nothing: it is not allowed.
    Nobody,
    /// The handler of `MethodRouter::fallback`. OPTIONS has an answer without it.
    Fallback(Route),
    /// The handler of `any(…)`.
    Any(Route),
}

impl Handlers {
    /// Those of an axum router for one path.
    pub(crate) fn new(router: MethodRouter) -> Self {
        Self(Arc::new(Table::new(router)))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.named.is_empty() && matches!(self.0.others, Others::Nobody)
    }

    /// The handler of a method; HEAD is GET, whose body the server leaves out.
    pub(crate) fn of(&self, method: &Method) -> Option<Route> {
        let mut handlers = self.0.named.iter();
        let handler = handlers.find(|(name, _)| name == method);
        handler
            .map(|(_, route)| route.clone())
            .or_else(|| self.0.others.of(method))
    }

    /// The methods that have a handler, as far as they have a usual name.
    pub(crate) fn methods(&self) -> Vec<Method> {
        let Table { named, others } = &*self.0;
        let has_handler = |method: &Method| {
            let is_any = matches!(others, Others::Any(_)) && USUAL.contains(method);
            is_any || named.iter().any(|(name, _)| name == method)
        };
        NAMED.into_iter().filter(has_handler).collect()
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

impl Table {
    /// No handler runs: a copy of the router is layered so that each of its services answers with a number of its own,
    /// and a method that gets the fallback's number has no handler of its own.
    fn new(router: MethodRouter) -> Self {
        let (numbered, routes) = numbered(router);
        let route = |number: usize| routes.get(number).cloned();
        let fallback = number(&numbered, unknown());
        let handler = |method: Method| {
            let number = number(&numbered, method.clone()).filter(|number| Some(*number) != fallback)?;
            Some((method, route(number)?))
        };
        Self {
            named: NAMED.into_iter().filter_map(handler).collect(),
            others: match own_fallback(&numbered).and_then(route) {
                None => Others::Nobody,
                Some(fallback) if tells_methods(&numbered) => Others::Fallback(fallback),
                Some(any) => Others::Any(any),
            },
        }
    }
}

impl Others {
    fn of(&self, method: &Method) -> Option<Route> {
        match self {
            Self::Nobody => None,
            Self::Fallback(_) if *method == Method::OPTIONS => None,
            Self::Fallback(route) | Self::Any(route) => Some(route.clone()),
        }
    }
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

/// The number of what answers a method.
fn number(
    router: &(impl Service<Request, Response = Response, Error = Infallible> + Clone),
    method: Method,
) -> Option<usize> {
    let response = answer(router, method)?;
    response.extensions().get::<Number>().map(|number| number.0)
}

/// The number of a fallback that somebody wrote: axum's own is replaced by one without a number.
fn own_fallback(numbered: &MethodRouter) -> Option<usize> {
    let router = axum::Router::new().route("/", numbered.clone());
    number(&router.method_not_allowed_fallback(async || ()), unknown())
}

/// Whether axum tells which methods there are, where one has no handler: not where `any(…)` takes them all.
fn tells_methods(numbered: &MethodRouter) -> bool {
    answer(numbered, unknown()).is_some_and(|response| response.headers().contains_key(ALLOW))
}

fn answer(
    router: &(impl Service<Request, Response = Response, Error = Infallible> + Clone),
    method: Method,
) -> Option<Response> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = method;
    let Ok(response) = router.clone().oneshot(request).now_or_never()?;
    Some(response)
}

/// A method that no handler has.
fn unknown() -> Method {
    Method::from_bytes(b"NO-SUCH-METHOD").expect("it is a token (RFC 9110 §9.1)")
}
