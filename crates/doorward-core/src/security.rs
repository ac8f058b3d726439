//! Around every route: allowed hosts, slash redirects, security headers, panics
//! (`django.middleware.common`, `django.middleware.security`, `django.middleware.clickjacking`).

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{self, Poll};

use axum::extract::Request;
use axum::response::Response;
use futures_util::future::BoxFuture;
use tower::{Service, ServiceExt};

use crate::door::Door;
use crate::settings::{Settings, SettingsError};

/// What the settings say of hosts and headers, resolved.
#[derive(Debug)]
pub(crate) struct Security {}

impl Security {
    pub(crate) fn new(_: &Settings) -> Result<Self, SettingsError> {
        Ok(Self {})
    }
}

/// All routes of a door as one opaque service: give it to a server, or to a test.
#[derive(Clone, Debug)]
pub struct DoorService {
    door: Door,
    routes: axum::Router,
    paths: Arc<matchit::Router<()>>,
}

impl DoorService {
    pub(crate) fn new(door: Door, routes: axum::Router, paths: matchit::Router<()>) -> Self {
        Self {
            door,
            routes,
            paths: Arc::new(paths),
        }
    }
}

impl Service<Request> for DoorService {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let routes = self.routes.clone();
        Box::pin(async move { routes.oneshot(request).await })
    }
}
