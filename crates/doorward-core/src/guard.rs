//! A request is authenticated, permitted, throttled, handled, answered: this file is that sentence
//! (`rest_framework.views.APIView.dispatch`).

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{self, Poll};

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::Route;
use futures_util::future::BoxFuture;
use http::Method;
use http::header::ALLOW;
use http::request::Parts;
use tower::{Service, ServiceExt};

use crate::context::{Context, RequestState, View, ViewKind};
use crate::door::Door;
use crate::exceptions::{self, ApiException, Result};
use crate::router::Served;
use crate::{authentication, metadata, negotiation, pages, permissions, sessions, throttling};

/// The one service of a path: it lets pass what the path's policy lets pass.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    door: Door,
    view: Arc<View>,
    handlers: Handlers,
}

/// The handler of each method.
pub(crate) type Handlers = Arc<[(Method, Route)]>;

impl Guard {
    pub(crate) fn new(door: Door, view: Arc<View>, handlers: Handlers) -> Self {
        Self { door, view, handlers }
    }

    pub(crate) async fn answer(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let (door, view) = (self.door.clone(), Arc::clone(&self.view));
        let state = Arc::new(RequestState::new(door, view, &parts, body));
        let response = match state.view.kind {
            ViewKind::Api => api(parts, &state, &self.handlers).await,
            // Boxed, so that it adds nothing to the others.
            ViewKind::Page => Box::pin(pages::answer(parts, &state, &self.handlers)).await,
        };
        let mut response = sessions::finish(&state, response).await;
        response.extensions_mut().insert(Served::guarded(&state));
        response
    }
}

async fn api(parts: Parts, state: &Arc<RequestState>, handlers: &Handlers) -> Response {
    let mut response = match admit(&Context::new(&parts, state)).await {
        Ok(()) => method(parts, state, handlers).await,
        Err(refusal) => refusal.into_response(),
    };
    exceptions::challenge(&mut response, state.view.challenge.as_ref());
    throttling::tell(state, &mut response);
    state.trail.write(&mut response);
    response.headers_mut().insert(ALLOW, state.view.allow.clone());
    response
}

/// Counted by address where the route or the settings want it; then authenticated, permitted, throttled. The first
/// failure is the answer.
async fn admit(cx: &Context<'_>) -> Result {
    negotiation::select_renderer(cx)?;
    throttling::check_before_authentication(cx).await?;
    authentication::perform(cx).await?;
    permissions::check(cx).await?;
    throttling::check(cx).await
}

/// Handled: by the guard itself for OPTIONS, refused where the path has no such method.
async fn method(parts: Parts, state: &Arc<RequestState>, handlers: &Handlers) -> Response {
    match parts.method {
        Method::OPTIONS => Box::pin(metadata::describe(&parts, state)).await,
        _ => match handler(&parts.method, handlers) {
            Some(handler) => handle(parts, state, handler).await,
            None => ApiException::method_not_allowed(&parts.method).into_response(),
        },
    }
}

/// The handler of a method; HEAD is GET, whose body the server leaves out.
pub(crate) fn handler(method: &Method, handlers: &Handlers) -> Option<Route> {
    let mut handlers = handlers.iter();
    handlers
        .find(|(name, _)| name == method)
        .map(|(_, route)| route.clone())
}

/// Calls the handler, with the proof that the guard let the request pass.
pub(crate) async fn handle(mut parts: Parts, state: &Arc<RequestState>, handler: Route) -> Response {
    let body = state.body.take();
    parts.extensions.insert(Arc::clone(state));
    let Ok(response) = handler.oneshot(Request::from_parts(parts, body)).await;
    response
}

impl Service<Request> for Guard {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let guard = self.clone();
        Box::pin(async move { Ok(guard.answer(request).await) })
    }
}
