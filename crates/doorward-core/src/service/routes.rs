//! [`Routes`]: which service answers a request, by its path.

use std::collections::HashMap;
use std::convert::Infallible;
use std::hash::{BuildHasherDefault, Hasher};
use std::mem;

use axum::body::{Body, HttpBody};
use axum::extract::{DefaultBodyLimit, OriginalUri, Request};
use axum::response::Response;
use axum::routing::MethodRouter;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::Extensions;
use tower::{ServiceExt, service_fn};

use crate::guard::Guard;

/// Every route: axum's router, and beside it the guards of paths without parameters, which are found by a look into a
/// table.
#[derive(Debug)]
pub(crate) struct Routes {
    direct: HashMap<String, Direct, BuildHasherDefault<Fnv>>,
    router: axum::Router,
    /// What answers below prefixes where no route is.
    fallbacks: axum::Router,
    /// What answers where no route and none of those is.
    fallback: Option<MethodRouter>,
    has_fallback: bool,
    /// How many bytes extractors read at most.
    limit: DefaultBodyLimit,
}

/// A guard, and what axum's router would have told its handlers of their path.
#[derive(Debug)]
pub(super) struct Direct {
    guard: Guard,
    told: Extensions,
}

impl Routes {
    pub(crate) fn new(max_body: usize) -> Self {
        Self {
            direct: HashMap::default(),
            router: axum::Router::new(),
            fallbacks: axum::Router::new(),
            fallback: None,
            has_fallback: false,
            limit: DefaultBodyLimit::max(max_body),
        }
    }

    pub(crate) fn guarded(mut self, path: &str, guard: Guard) -> Self {
        if let Some(told) = told(path) {
            let guard = guard.clone();
            self.direct.insert(path.to_owned(), Direct { guard, told });
        }
        let router = self.router.route_service(path, guard);
        Self { router, ..self }
    }

    pub(crate) fn open(self, path: &str, methods: MethodRouter) -> Self {
        let router = self.router.route_service(path, methods);
        Self { router, ..self }
    }

    pub(crate) fn nested(self, prefix: &str, inner: axum::Router) -> Self {
        let router = self.router.nest(prefix, inner);
        Self { router, ..self }
    }

    /// Adds what answers below a prefix where no route is; the empty one is that of all paths.
    pub(crate) fn fallback_below(mut self, prefix: &str, methods: MethodRouter) -> Self {
        self.has_fallback = true;
        match prefix {
            "" => self.fallback = Some(methods),
            prefix => {
                let fallbacks = self.fallbacks.route_service(prefix, methods.clone());
                let fallbacks = fallbacks.route_service(&format!("{prefix}/"), methods.clone());
                self.fallbacks = fallbacks.route_service(&format!("{prefix}/{{*fallback}}"), methods);
            }
        }
        self
    }

    /// Whether anything but a 404 may answer where no route is.
    pub(super) fn has_fallback(&self) -> bool {
        self.has_fallback
    }

    /// Closed to further routes: that is the 404 where neither a route nor a fallback answers.
    pub(super) fn closed(mut self, not_found: MethodRouter) -> Self {
        let last = self.fallback.take().unwrap_or(not_found);
        let fallbacks = mem::take(&mut self.fallbacks);
        let router = match fallbacks.has_routes() {
            true => self.router.fallback_service(fallbacks.fallback_service(last)),
            false => self.router.fallback_service(last),
        };
        Self { router, ..self }
    }

    /// The answer, in a box: it is large, and what stands around it would move it.
    pub(crate) fn answer(&self, mut request: Request) -> BoxFuture<'_, Response> {
        if let Some(direct) = self.direct(&request) {
            return self.answer_at(direct, request);
        }
        self.limit.apply(&mut request);
        let answer = self.router.clone().oneshot(request);
        Box::pin(answer.map(|Ok(response)| response))
    }

    /// The answer of that guard, which [`Routes::direct`] has found.
    pub(super) fn answer_at<'a>(&self, direct: &'a Direct, mut request: Request) -> BoxFuture<'a, Response> {
        if !request.body().is_end_stream() {
            self.limit.apply(&mut request);
        }
        let brought = mem::replace(request.extensions_mut(), direct.told.clone());
        request.extensions_mut().extend(brought);
        Box::pin(direct.guard.answer(request))
    }

    /// The guard of that very path. A request that another router of axum has handed on goes through ours as well, for the
    /// path that it has matched is longer.
    pub(super) fn direct(&self, request: &Request) -> Option<&Direct> {
        let direct = self.direct.get(request.uri().path())?;
        request
            .extensions()
            .get::<OriginalUri>()
            .is_none()
            .then_some(direct)
    }
}

/// What extractors find in a request for that path: axum's router is asked once. `None` for a path with parameters, or with
/// braces of its own, which are written twice.
fn told(path: &str) -> Option<Extensions> {
    if path.contains(['{', '}']) {
        return None;
    }
    let echo = service_fn(async |request: Request| {
        let mut response = Response::new(Body::empty());
        *response.extensions_mut() = request.into_parts().0.extensions;
        Ok::<_, Infallible>(response)
    });
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = path.parse().ok()?;
    let router = axum::Router::new().route_service(path, echo);
    let Ok(response) = router.oneshot(request).now_or_never()?;
    let mut told = response.into_parts().0.extensions;
    // Without it extractors take the address itself, which is the same.
    told.remove::<OriginalUri>();
    make_room(&mut told);
    Some(told)
}

/// Lets clones hold, without growing, what a request brings and what the guard adds.
fn make_room(extensions: &mut Extensions) {
    #[derive(Clone)]
    struct Room<const N: usize>;

    extensions.insert(Room::<0>);
    extensions.insert(Room::<1>);
    extensions.remove::<Room<0>>();
    extensions.remove::<Room<1>>();
}

/// The hash of Fowler, Noll and Vo (64 bits, 1a): quick for short texts. No client puts anything into the table.
#[derive(Clone, Copy)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
