//! [`Served`]: which route answered, and whom.

use std::sync::Arc;

use axum::response::Response;
use axum::routing::MethodRouter;
use tower::util::MapResponseLayer;

use crate::context::RequestState;
use crate::user::UserId;

/// An extension of each answer that a route of the door gave, for layers that log or count; no client sees it.
///
/// Refusals before a route was found, panics and what is [nested](crate::Router::nest_public) have none.
#[derive(Clone, Debug)]
pub struct Served {
    route: Arc<str>,
    kind: Kind,
    user: Option<UserId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Site,
    Probe,
}

impl Served {
    pub(crate) fn guarded(state: &RequestState) -> Self {
        let user = state.identity.get().map(|identity| identity.user.id().clone());
        Self {
            user,
            ..Self::new(Arc::clone(&state.view.path), Kind::Site)
        }
    }

    pub(crate) fn public(path: &str) -> Self {
        Self::new(path.into(), Kind::Site)
    }

    pub(crate) fn probe(path: &str) -> Self {
        Self::new(path.into(), Kind::Probe)
    }

    fn new(route: Arc<str>, kind: Kind) -> Self {
        Self {
            route,
            kind,
            user: None,
        }
    }

    /// The same service, whose answers tell this.
    pub(crate) fn on(self, service: MethodRouter) -> MethodRouter {
        service.layer(MapResponseLayer::new(move |mut response: Response| {
            response.extensions_mut().insert(self.clone());
            response
        }))
    }

    /// The path as it was registered, such as `/products/{id}/`.
    #[must_use]
    pub fn route(&self) -> &str {
        &self.route
    }

    /// Whether it is a [probe](crate::Router::probe)'s.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        self.kind == Kind::Probe
    }

    /// The caller's primary key, where a credential of the request proved one.
    #[must_use]
    pub fn user_id(&self) -> Option<&UserId> {
        self.user.as_ref()
    }
}
