//! [`DoorService`]: all that stands around the routes, from CORS inwards
//! (`django.middleware.common`, `django.middleware.security`, `django.middleware.clickjacking`).

mod begun;
mod head;
mod outline;
mod panics;
mod refused;
mod routes;
mod wording;

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::task::{self, Poll};

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use doorward_django::urls::Scheme;
use futures_util::future::BoxFuture;
use http::{Method, StatusCode, Uri};
use tower::Service;

pub use outline::Outline;
pub(crate) use routes::Routes;

use begun::Begun;
use refused::{is_for_page, refused};

use crate::cors::{Asked, Cors};
use crate::door::Door;
use crate::exception_handler::ExceptionHandler;
use crate::exceptions::{self, ApiException};
use crate::pages;
use crate::paths::Paths;
use crate::security::{self, Security};
use crate::settings::TrailingSlash;

/// All routes of a door as one opaque service: give it to a server, or to a test.
///
/// Each request needs a `Host` header (RFC 9112 §3.2) that `allowed_hosts` has. A server that speaks TLS puts
/// [`Scheme::Https`] into the extensions of its requests, and one that knows its peers puts `ConnectInfo` there:
/// what proxies say of scheme and host counts only from peers that `throttle.trusted_proxies` has.
#[derive(Clone, Debug)]
pub struct DoorService(Arc<Site>);

struct Site {
    door: Door,
    security: Arc<Security>,
    cors: Arc<Cors>,
    routes: Routes,
    paths: Arc<Paths>,
    exception_handler: Option<Arc<dyn ExceptionHandler>>,
    trailing_slash: TrailingSlash,
}

impl DoorService {
    /// The service of those routes; `unfound` is what stands around the 404 of all others.
    pub(crate) fn new(
        door: Door,
        routes: Routes,
        paths: Paths,
        unfound: impl FnOnce(MethodRouter) -> MethodRouter,
    ) -> Self {
        let paths = Arc::new(paths);
        let (asked, unknown) = (door.clone(), Arc::clone(&paths));
        let not_found =
            async move |request: Request| refused(&asked, &unknown, &request, ApiException::not_found());
        Self(Arc::new(Site {
            security: door.security(),
            cors: door.cors(),
            exception_handler: door.exception_handler(),
            trailing_slash: door.settings().rest.trailing_slash,
            door,
            routes: routes.closed(unfound(any(not_found))),
            paths,
        }))
    }

    /// The door whose routes these are.
    #[must_use]
    pub fn door(&self) -> &Door {
        &self.0.door
    }

    /// Whether a path is a [probe](crate::Router::probe)'s.
    #[must_use]
    pub fn is_probe(&self, path: &str) -> bool {
        self.0.paths.is_probe(path)
    }

    /// What is kept of a request, to refuse it when it is gone.
    #[must_use]
    pub fn outline(&self, request: &Request) -> Outline {
        let outline = Outline::new(&self.0.security, &self.0.paths, request);
        match &self.0.exception_handler {
            None => outline,
            Some(_) => outline.with_copy(request),
        }
    }

    /// The answer to a request that its server refuses, such as 503 to one too many: with the headers of all answers, and
    /// in HTML where pages are.
    pub fn refusal(&self, outline: &Outline, refusal: ApiException) -> Response {
        let (door, security) = (self.door(), &self.0.security);
        let mut response = exceptions::keeping_now(|| outline.refused(door, refusal));
        self.0.word(outline, &mut response);
        finish(security, outline, &mut response);
        self.0.cors.add(&outline.asked, &mut response);
        response
    }

    /// That answer; or, where it panics on its way, the answer to a request that fails: for a service around this one, so that
    /// a panic there is one failed request and one line in the log, nothing more.
    pub async fn unless_it_panics(&self, outline: &Outline, answer: BoxFuture<'_, Response>) -> Response {
        match panics::noticed(answer).await {
            Ok(response) => response,
            Err(failure) => self.refusal(outline, failure),
        }
    }

    /// The answer to a request, whose outline that is: as [`call`](Service::call) has it, in no box of its own.
    pub fn answer<'a>(
        &'a self,
        outline: &'a Outline,
        request: Request,
    ) -> impl Future<Output = Response> + Send + 'a {
        self.0.answer(outline, request)
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut site = f.debug_struct("Site");
        site.field("door", &self.door).field("paths", &self.paths);
        site.finish_non_exhaustive()
    }
}

impl Site {
    /// CORS around everything else, as django-cors-headers wants to be placed; inside of it what Django's middleware does,
    /// from the outermost inwards and back.
    ///
    /// One future for all of it, which never holds the request: one for each step would be moved into the next, with all
    /// that is in it.
    fn answer<'a>(
        &'a self,
        outline: &'a Outline,
        mut request: Request,
    ) -> impl Future<Output = Response> + Send + 'a {
        let security = &*self.security;
        security.forwarded.apply(&mut request);
        let begin = || self.begin(security, outline, request);
        let begun = match &self.exception_handler {
            None => begin(),
            Some(_) => exceptions::keeping_now(begin).keeping(),
        };
        async move {
            let mut response = match begun {
                Begun::Preflight(mut response) => {
                    self.cors.add(&outline.asked, &mut response);
                    return *response;
                }
                Begun::Refused(refusal) => *refusal,
                Begun::Routed(answer, slashless) => {
                    let mut response = panics::caught(answer).await;
                    self.redirect(security, slashless, &mut response);
                    response
                }
            };
            self.word(outline, &mut response);
            finish(security, outline, &mut response);
            self.cors.add(&outline.asked, &mut response);
            response
        }
    }

    /// Has the site's exception handler, if there is one, word what failed.
    fn word(&self, outline: &Outline, response: &mut Response) {
        if let (Some(handler), Some(request)) = (&self.exception_handler, &outline.copy) {
            wording::word(&**handler, request, response);
        }
    }

    fn begin(&self, security: &Security, outline: &Outline, mut request: Request) -> Begun<'_> {
        if let Some(response) = preflight(&outline.asked, &request) {
            return Begun::Preflight(Box::new(response));
        }
        if let Some(refusal) = self.refuse(security, &request, outline.scheme) {
            return Begun::Refused(Box::new(refusal));
        }
        // A path that is registered as it stands has its one spelling, and lacks no slash.
        if let Some(direct) = self.routes.direct(&request) {
            return Begun::Routed(self.routes.answer_at(direct, request), None);
        }
        match self.normalize(security, &mut request) {
            Some(refusal) => Begun::Refused(Box::new(refusal)),
            None => {
                let slashless = security.slashless(request.uri());
                if let Some(uri) = slashless.as_ref().filter(|uri| self.is_sent_on(uri)) {
                    return Begun::Refused(Box::new(security::to_slash(uri)));
                }
                Begun::Routed(self.routes.answer(request), slashless)
            }
        }
    }

    /// The refusal of a request that would lose its body; `None` leaves the request with one spelling of its path.
    fn normalize(&self, security: &Security, request: &mut Request) -> Option<Response> {
        if let Some(uri) = security::normalized(request.uri()) {
            *request.uri_mut() = uri;
        }
        if self.trailing_slash == TrailingSlash::Optional {
            self.end_as_registered(request.uri_mut());
        }
        let loses_its_body = self.loses_its_body(security, request);
        loses_its_body.then(|| {
            let refusal = security::would_lose_the_body(request.method(), request.uri());
            self.explained(request, refusal)
        })
    }

    /// Gives a path of the API the end that it is registered with, so that both spellings have one route, with one name and one
    /// policy.
    fn end_as_registered(&self, uri: &mut Uri) {
        let other = self.paths.other_spelling(uri.path());
        if let Some(registered) = other.and_then(|path| security::with_path(uri, path)) {
            *uri = registered;
        }
    }

    /// Puts a redirect in place of the route's answer where the address lacks its slash only.
    fn redirect(&self, security: &Security, slashless: Option<Box<Uri>>, response: &mut Response) {
        match slashless {
            Some(uri) if response.status() == StatusCode::NOT_FOUND && self.paths.lacks_slash(uri.path()) => {
                *response = security::to_slash(&uri);
            }
            _ => security.headers.add_frame_options(response),
        }
    }

    /// Whether an address is sent on to its slash before a fallback is asked, which knows every address.
    fn is_sent_on(&self, uri: &Uri) -> bool {
        self.routes.has_fallback() && self.paths.lacks_slash(uri.path())
    }

    /// Whether it would be sent on to its slash without its body: told in `debug`, as Django does.
    fn loses_its_body(&self, security: &Security, request: &Request) -> bool {
        let has_body =
            || [Method::DELETE, Method::PATCH, Method::POST, Method::PUT].contains(request.method());
        let is_sent_on = || security.append_slash && self.paths.lacks_slash(request.uri().path());
        self.door.settings().debug && has_body() && is_sent_on()
    }

    fn explained(&self, request: &Request, refusal: ApiException) -> Response {
        match is_for_page(&self.paths, request) {
            true => pages::explained(&self.door, request.headers(), refusal),
            false => refusal.into_response(),
        }
    }

    /// What is answered before any route is looked for.
    fn refuse(&self, security: &Security, request: &Request, scheme: Scheme) -> Option<Response> {
        if self.paths.is_probe(request.uri().path()) {
            let refusal = security::refuse_two(request.uri(), request.headers())?;
            return Some(refused(&self.door, &self.paths, request, refusal));
        }
        match security.hosts.check(request.uri(), request.headers()) {
            Err(refusal) => Some(refused(&self.door, &self.paths, request, refusal)),
            Ok(host) if scheme == Scheme::Http => {
                let tls_only = security.tls_only.as_ref()?;
                tls_only.answer(host, request.uri(), &self.paths)
            }
            Ok(_) => None,
        }
    }
}

/// The answer to a preflight, which names one host as every request does.
fn preflight(asked: &Asked, request: &Request) -> Option<Response> {
    let preflight = asked.preflight()?;
    let is_clear = security::refuse_two(request.uri(), request.headers()).is_none();
    is_clear.then_some(preflight)
}

/// What every answer gets, whoever made it.
fn finish(security: &Security, outline: &Outline, response: &mut Response) {
    security.headers.add(outline.scheme, response);
    if outline.is_head {
        head::leave_body_out(response);
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
        let service = self.clone();
        Box::pin(async move {
            let outline = service.outline(&request);
            Ok(service.answer(&outline, request).await)
        })
    }
}
