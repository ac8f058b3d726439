//! However a handler is registered, nobody reaches it without a credential, unless something public was written.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{
    MethodFilter, MethodRouter, any, any_service, connect, delete, get, get_service, head, on, on_service,
    options, patch, post, put, trace,
};
use doorward_core::service::DoorService;
use doorward_core::{Policy, RouteExt, Router};
use http::StatusCode;
use tower::layer::util::Identity;
use tower::util::MapRequestLayer;

use crate::support::{Named, ask, door, request, settings};

const METHODS: [&str; 11] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get",
];

/// How often a handler ran.
#[derive(Clone, Default)]
struct Runs(Arc<AtomicUsize>);

impl Runs {
    fn handler(&self) -> impl Fn() -> std::future::Ready<&'static str> + Clone + Send + Sync + 'static {
        let Self(runs) = self.clone();
        move || {
            runs.fetch_add(1, Ordering::Relaxed);
            std::future::ready("reached")
        }
    }

    fn service(
        &self,
    ) -> impl tower::Service<Request, Response = Response, Error = Infallible, Future: Send>
    + Clone
    + Send
    + Sync
    + 'static {
        let Self(runs) = self.clone();
        tower::service_fn(move |_: Request| {
            runs.fetch_add(1, Ordering::Relaxed);
            std::future::ready(Ok(Response::new(Body::from("reached"))))
        })
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Every way to give a path its handlers.
fn routes(runs: &Runs) -> Vec<(&'static str, MethodRouter)> {
    let (h, s) = (runs.handler(), runs.service());
    vec![
        ("get", get(h.clone())),
        ("head", head(h.clone())),
        ("post", post(h.clone())),
        ("put", put(h.clone())),
        ("patch", patch(h.clone())),
        ("delete", delete(h.clone())),
        ("options", options(h.clone())),
        ("trace", trace(h.clone())),
        ("connect", connect(h.clone())),
        ("on", on(MethodFilter::GET.or(MethodFilter::OPTIONS), h.clone())),
        ("any", any(h.clone())),
        ("get_service", get_service(s.clone())),
        ("on_service", on_service(MethodFilter::POST, s.clone())),
        ("any_service", any_service(s.clone())),
        ("fallback", get(h.clone()).fallback(h.clone())),
        ("fallback_service", get(h.clone()).fallback_service(s)),
        ("merge", get(h.clone()).merge(any(h.clone()))),
        ("layer", get(h.clone()).layer(Identity::new())),
        ("route_layer", get(h.clone()).route_layer(Identity::new())),
        ("with_state", any(h).with_state(())),
    ]
}

/// Every way to put a route into a router: what it is called, the router, and paths that reach the route.
#[expect(clippy::too_many_lines, reason = "a list, one way after the other")]
fn ways(route: &MethodRouter) -> Vec<(&'static str, Router, Vec<&'static str>)> {
    let router = || door(settings()).router();
    let at = |path| router().route(path, route.clone());
    let inner = || at("/{id}/");
    let layer = || MapRequestLayer::new(|request: Request| request);
    vec![
        ("path", at("/a/"), vec!["/a/"]),
        ("parameter", inner(), vec!["/1/", "/%2e%2e/", "/a%2Fb/"]),
        ("wildcard", at("/{*rest}"), vec!["/a", "/a/b/c", "/a/../b", "//x"]),
        ("merge", router().merge(at("/a/")), vec!["/a/"]),
        ("nest", router().nest("/n", inner()), vec!["/n/1/"]),
        ("nest root", router().nest("/n", at("/")), vec!["/n/"]),
        (
            "nest wildcard",
            router().nest("/n", at("/{*rest}")),
            vec!["/n/a", "/n/a/b"],
        ),
        (
            "nest twice",
            router().nest("/n/{team}", router().nest("/m", inner())),
            vec!["/n/x/m/1/"],
        ),
        (
            "overlap",
            at("/a/{id}/").route("/a/fixed/", route.clone()),
            vec!["/a/fixed/", "/a/other/"],
        ),
        ("layer", at("/a/").layer(layer()), vec!["/a/"]),
        (
            "layer nested",
            router().nest("/n", inner().layer(layer())).layer(layer()),
            vec!["/n/1/"],
        ),
        ("policy", at("/a/").with_policy(Policy::new()), vec!["/a/"]),
        (
            "own policy",
            router().route("/a/", route.clone().policy(Policy::new())),
            vec!["/a/"],
        ),
        (
            "fallback",
            router().fallback(route.clone()),
            vec!["/", "/a", "/a/b/", "/%61"],
        ),
        (
            "fallback layered",
            router().fallback(route.clone()).layer(layer()),
            vec!["/", "/a", "/a/b/"],
        ),
        (
            "fallback nested",
            router().nest("/n", router().fallback(route.clone())),
            vec!["/n", "/n/", "/n/a", "/n/a/b/"],
        ),
        (
            "beside public",
            at("/a/")
                .public("/open/", get(async || "open"))
                .nest_public("/files", axum::Router::new()),
            vec!["/a/"],
        ),
    ]
}

async fn status(service: &DoorService, method: &str, path: &str) -> StatusCode {
    ask(service, request(method, path)).await.status()
}

#[tokio::test]
async fn an_anonymous_caller_reaches_no_handler_however_it_was_registered() {
    let runs = Runs::default();
    let mut asked = 0;
    for (name, route) in routes(&runs) {
        for (way, router, paths) in ways(&route) {
            let service = router.into_service().unwrap();
            for (method, path) in METHODS
                .iter()
                .flat_map(|method| paths.iter().map(move |path| (method, path)))
            {
                let status = status(&service, method, path).await;
                let is_refused = status == StatusCode::UNAUTHORIZED;
                assert!(is_refused, "{method} {path} of {name}, {way}: {status}");
                asked += 1;
            }
        }
    }
    assert_eq!(runs.count(), 0);
    assert!(asked > 4_000, "{asked}");
}

#[tokio::test]
async fn no_other_spelling_of_an_address_reaches_a_handler() {
    let runs = Runs::default();
    for (way, router, paths) in ways(&any(runs.handler())) {
        let service = router.into_service().unwrap();
        for path in paths.iter().flat_map(|path| spellings(path)) {
            for method in METHODS {
                let status = status(&service, method, &path).await;
                let is_elsewhere = status.is_redirection() || status == StatusCode::NOT_FOUND;
                let is_refused = status == StatusCode::UNAUTHORIZED || is_elsewhere;
                assert!(is_refused, "{method} {path} of {way}: {status}");
            }
        }
    }
    assert_eq!(runs.count(), 0);
}

/// What another server, or a sloppy client, makes of an address.
fn spellings(path: &str) -> Vec<String> {
    let slashless = path.trim_end_matches('/');
    let mut spellings = vec![
        format!("{path}/"),
        format!("/{path}"),
        format!("/.{path}"),
        format!("/x/..{path}"),
        format!("/%2e{path}"),
        format!("{path}?query=1"),
        format!("{path}%00"),
        format!("{path};a=b"),
        path.replace('a', "%61").replace('n', "%6E"),
        path.replace('a', "A"),
        path.to_uppercase(),
        format!("http://localhost{path}"),
    ];
    if !slashless.is_empty() {
        spellings.extend([slashless.to_owned(), format!("{slashless}%2F")]);
    }
    spellings
}

/// The same requests reach the handlers with a credential: what refuses is the guard, and no missing route.
#[tokio::test]
async fn a_caller_with_a_credential_reaches_every_handler() {
    let runs = Runs::default();
    let policy = Policy::new().authenticate(Named(Some("Test")));
    for (way, router, paths) in ways(&any(runs.handler())) {
        let service = router.with_policy(policy.clone()).into_service().unwrap();
        for (method, path) in METHODS
            .iter()
            .flat_map(|method| paths.iter().map(move |path| (method, path)))
        {
            let before = runs.count();
            ask(&service, request(method, path).header("x-user", "alice")).await;
            assert_eq!(runs.count(), before + 1, "{method} {path} of {way}");
        }
    }
}
