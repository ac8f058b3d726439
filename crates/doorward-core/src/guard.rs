//! A request is authenticated, permitted, throttled, handled, answered: this file is that sentence
//! (`rest_framework.views.APIView.dispatch`).

mod finish;

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{self, Poll};

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use http::Method;
use http::header::ALLOW;
use http::request::Parts;
use tower::Service;

use crate::context::{Context, RequestState, View, ViewKind};
use crate::door::Door;
use crate::exceptions::{self, ApiException, Result};
use crate::handlers::{Handlers, handle};
use crate::policy::Rules;
use crate::served::Served;
use crate::{authentication, explanation, metadata, negotiation, pages, permissions, throttling};

/// How many headers an answer gets besides those of its handler, as far as the default settings go. Room for them is made at
/// once.
const SURROUNDINGS: usize = 6;

/// The one service of a path: it lets pass what the path's policy lets pass.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    door: Door,
    view: Arc<View>,
    rules: Arc<Rules>,
    handlers: Handlers,
}

impl Guard {
    pub(crate) fn new(door: Door, mut view: View, rules: Rules, handlers: Handlers) -> Self {
        view.max_body = view.max_body.min(door.parser_rules().max_body());
        view.reads.settle(door.settings());
        Self {
            door,
            view: Arc::new(view),
            rules: Arc::new(rules),
            handlers,
        }
    }

    pub(crate) fn view(&self) -> &View {
        &self.view
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Whether a handler, or the guard itself, answers that method.
    pub(crate) fn answers(&self, method: &Method) -> bool {
        *method == Method::OPTIONS || self.handlers.of(method).is_some()
    }

    /// What is kept of a request that comes here.
    pub(crate) fn state(&self, parts: &Parts, body: Body) -> RequestState {
        RequestState::new(self.door.clone(), Arc::clone(&self.view), parts, body)
    }

    /// The request is taken apart before the future is made, which would hold it twice otherwise. Its state is made within: the
    /// clock of a door may panic, and only what is polled is caught.
    pub(crate) fn answer(&self, request: Request) -> impl Future<Output = Response> + Send {
        let (parts, body) = request.into_parts();
        async move {
            let state = Arc::new(self.state(&parts, body));
            let mut response = match self.view.kind {
                ViewKind::Api => {
                    let admitted = admit(&Context::new(&parts, &state), &self.rules).await;
                    let mut answer = match admitted {
                        Ok(()) => match self.handlers.of(&parts.method) {
                            Some(handler) => handle(parts, &state, handler).await,
                            None => self.unhandled(parts, &state).await,
                        },
                        Err(refusal) => refusal.into_response(),
                    };
                    self.settle(&state, &mut answer);
                    answer
                }
                // Boxed, so that it adds nothing to the others.
                ViewKind::Page => Box::pin(pages::answer(parts, &state, &self.rules, &self.handlers)).await,
            };
            finish::finish(&state, &mut response).await;
            exceptions::note_user(&mut response, state.identity.get().map(|identity| &identity.user));
            response.extensions_mut().insert(Served::guarded(&state));
            response
        }
    }

    /// Has the headers of an answer tell of the route.
    fn settle(&self, state: &RequestState, response: &mut Response) {
        exceptions::challenge(response, self.rules.challenge.as_ref());
        throttling::tell(state, response);
        explanation::write(state, response);
        let headers = response.headers_mut();
        let _ = headers.try_reserve(SURROUNDINGS);
        headers.insert(ALLOW, self.view.allow.clone());
    }

    /// What no handler answers: the guard itself answers OPTIONS, and refuses what the path has no method for.
    async fn unhandled(&self, parts: Parts, state: &Arc<RequestState>) -> Response {
        match parts.method {
            Method::OPTIONS => Box::pin(self.describe(parts, state)).await,
            _ => ApiException::method_not_allowed(&parts.method).into_response(),
        }
    }

    async fn describe(&self, parts: Parts, state: &Arc<RequestState>) -> Response {
        let View {
            name,
            description,
            reads,
            ..
        } = &*self.view;
        let methods = self.actions(parts, state).await;
        metadata::describe(name, description, reads, &methods)
    }

    /// The methods whose fields are told: those that the caller could send (`SimpleMetadata.determine_actions`).
    async fn actions(&self, mut parts: Parts, state: &Arc<RequestState>) -> Vec<Method> {
        let mut actions = Vec::new();
        if self.view.reads.serializer.is_empty() {
            return actions;
        }
        for method in [Method::POST, Method::PUT] {
            parts.method = method.clone();
            if self.may_send(&method, &parts, state).await {
                actions.push(method);
            }
        }
        actions
    }

    /// Whether the permissions of the route let a method pass; of a PUT, also those on its object.
    async fn may_send(&self, method: &Method, parts: &Parts, state: &Arc<RequestState>) -> bool {
        let object = self.view.reads.object.as_ref();
        if !self.view.answers(method) || (*method == Method::PUT && object.is_none()) {
            return false;
        }
        let cx = Context::new(parts, state);
        if permissions::check(&cx, &self.rules.permissions).await.is_err() {
            return false;
        }
        match object.filter(|_| *method == Method::PUT) {
            Some(object) => object.permits(with_state(parts, state)).await,
            None => true,
        }
    }
}

/// A request as handlers get it.
fn with_state(parts: &Parts, state: &Arc<RequestState>) -> Parts {
    let mut parts = parts.clone();
    parts.extensions.insert(Arc::clone(state));
    parts
}

/// Counted by address where the route or the settings want it; then authenticated, permitted, throttled. The first
/// failure is the answer.
async fn admit(cx: &Context<'_>, rules: &Rules) -> Result {
    negotiation::select_renderer(cx)?;
    throttling::check(cx, &rules.early_throttles).await?;
    authentication::perform(cx, &rules.authenticators).await?;
    permissions::check(cx, &rules.permissions).await?;
    throttling::check(cx, &rules.throttles).await
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
