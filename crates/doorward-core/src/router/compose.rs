//! How a router is made of others: what stands around a group, its policy, its prefix, and what answers where no route is.

use std::convert::Infallible;

use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, Route};
use tower::{Layer, Service};

use super::entry::{Entry, Kind};
use super::{Public, RouteError, Router};
use crate::paths::{not_a_prefix, unjoinable};
use crate::policy::{GuardedRoute, Policy};

impl Router {
    /// Puts a layer of tower around every route and fallback that this router has so far, and around its 404.
    ///
    /// The layer sees a request before the guard does, when nobody is known yet, and the answer when all is done. It stands
    /// inside of what the door puts around all routes: allowed hosts, CORS, the security headers, and the net that catches
    /// a panic. Of several layers the last one is the outermost. For a layer between the guard and one handler, layer the
    /// `MethodRouter`: `get(handler).layer(layer)`.
    ///
    /// ```
    /// # use doorward_core::Router;
    /// # use http::{HeaderName, HeaderValue};
    /// # use tower::util::MapResponseLayer;
    /// # fn group(router: Router) -> Router {
    /// router.layer(MapResponseLayer::new(|mut response: axum::response::Response| {
    ///     let served_by = HeaderName::from_static("x-served-by");
    ///     response.headers_mut().insert(served_by, HeaderValue::from_static("shop-1"));
    ///     response
    /// }))
    /// # }
    /// ```
    #[must_use]
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        for entry in self.entries() {
            entry.layers.push(layer.clone());
        }
        self.unfound.push(layer);
        self
    }

    /// Gives that policy to every guarded route and fallback that this router has so far, as far as they have none of their
    /// own: what a route says of authenticators, permissions or throttles stands, and what neither says comes from the
    /// settings. Pages have no policy.
    ///
    /// ```
    /// # use axum::routing::get;
    /// # use doorward_core::permissions::{AllowAny, IsAdminUser};
    /// # use doorward_core::{Door, RouteExt, Router};
    /// # fn routes(door: &Door) -> Router {
    /// let staff = door
    ///     .router()
    ///     .route("/reports/", get(async || "for staff"))
    ///     .route("/help/", get(async || "for everyone").policy(AllowAny))
    ///     .with_policy(IsAdminUser);
    /// door.router().nest("/staff", staff)
    /// # }
    /// ```
    #[must_use]
    pub fn with_policy(mut self, policy: impl Into<Policy>) -> Self {
        let policy = policy.into();
        for entry in self.entries() {
            entry.fall_back_on(&policy);
        }
        self
    }

    /// Adds all routes of another router of this door below a prefix, `/name`, behind their guards. The prefix may have
    /// parameters. Handlers see the whole path, as Django's `include` has it.
    ///
    /// A fallback of the other router answers below the prefix; without one that of this router does.
    #[must_use]
    pub fn nest(mut self, prefix: &str, other: Self) -> Self {
        self.problems.extend(not_a_prefix(prefix));
        self.problems.extend(other.problems);
        for (path, entry) in other.routes {
            self.problems.extend(unjoinable(&path));
            let path = format!("{prefix}{path}");
            let path = self.served(&path, &entry).to_owned();
            self = self.add(&path, entry);
        }
        for (below, entry) in other.fallbacks {
            self = self.add_fallback(&format!("{prefix}{below}"), entry);
        }
        self
    }

    /// Adds all routes of another router of this door. Of the layers around a 404 this router's stand.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.problems.extend(other.problems);
        for (path, entry) in other.routes {
            self = self.add(&path, entry);
        }
        for (prefix, entry) in other.fallbacks {
            self = self.add_fallback(&prefix, entry);
        }
        self
    }

    /// Has that route answer where no other one is, behind its guard: who may not pass gets 401 or 403 there, and no 404.
    ///
    /// An address that lacks nothing but its final slash is redirected, whatever the fallback says (`append_slash`).
    #[must_use]
    pub fn fallback(self, route: impl Into<GuardedRoute>) -> Self {
        self.add_fallback("", Entry::guarded(route.into()))
    }

    /// Has that service answer where no route is, to whoever asks: the page of an application in the browser, or a 404 of
    /// one's own.
    #[must_use]
    pub fn public_fallback(self, service: MethodRouter<Public>) -> Self {
        let service = service.with_state(Public::new());
        self.add_fallback("", Entry::new(Kind::Public(Box::new(service))))
    }

    fn add_fallback(mut self, prefix: &str, entry: Entry) -> Self {
        if self.fallbacks.insert(prefix.to_owned(), entry).is_some() {
            self.problems.push(RouteError::TwoFallbacks(prefix.to_owned()));
        }
        self
    }

    fn entries(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.routes.values_mut().chain(self.fallbacks.values_mut())
    }
}
