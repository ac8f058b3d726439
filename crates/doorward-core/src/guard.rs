//! A request is authenticated, permitted, throttled, handled, answered: this file is that sentence
//! (`rest_framework.views.APIView.dispatch`).

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{self, Poll};

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use futures_util::future::BoxFuture;
use http::Method;
use http::header::ALLOW;
use http::request::Parts;
use tower::{Service, ServiceExt};

use crate::context::{Context, RequestState, View};
use crate::door::Door;
use crate::exceptions::{self, ApiException, Result};
use crate::{authentication, metadata, negotiation, permissions, sessions, throttling};

/// The one service of a path: it lets pass what the path's policy lets pass.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    door: Door,
    view: Arc<View>,
    handlers: MethodRouter,
}

impl Guard {
    pub(crate) fn new(door: Door, view: Arc<View>, handlers: MethodRouter) -> Self {
        Self { door, view, handlers }
    }

    async fn answer(self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let head = parts.method == Method::HEAD;
        let state = Arc::new(RequestState::new(self.door, self.view, &parts, body));
        let mut response = match admit(&Context::new(&parts, &state)).await {
            Ok(()) => handle(parts, &state, self.handlers).await,
            Err(refusal) => refusal.into_response(),
        };
        exceptions::challenge(&mut response, state.view.challenge.clone());
        let mut response = sessions::finish(&state, response).await;
        response.headers_mut().insert(ALLOW, state.view.allow.clone());
        if head { without_body(response) } else { response }
    }
}

/// Authenticated, permitted, throttled; the first failure is the answer.
async fn admit(cx: &Context<'_>) -> Result {
    negotiation::select_renderer(cx)?;
    authentication::perform(cx).await?;
    permissions::check(cx).await?;
    throttling::check(cx).await
}

/// Handled: by the guard itself for OPTIONS, refused where the path has no such method.
async fn handle(mut parts: Parts, state: &Arc<RequestState>, handlers: MethodRouter) -> Response {
    let view = &state.view;
    if !view.methods.contains(&parts.method) {
        return ApiException::method_not_allowed(&parts.method).into_response();
    }
    if parts.method == Method::OPTIONS {
        return metadata::describe(view);
    }
    let body = state.body.take().await;
    parts.extensions.insert(Arc::clone(state));
    let Ok(response) = handlers.oneshot(Request::from_parts(parts, body)).await;
    response
}

fn without_body(response: Response) -> Response {
    let (parts, _) = response.into_parts();
    Response::from_parts(parts, Body::empty())
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
