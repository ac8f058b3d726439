//! [`Context`]: one request on its way through the door, and [`View`], the route it asks for.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use doorward_django::timestamp::Timestamp;
use doorward_django::urls::Scheme;
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderValue, Method, Uri};

use crate::authentication::Authenticator;
use crate::door::Door;
use crate::exceptions::Result;
use crate::identity::Identity;
use crate::lockout::DeviceCookie;
use crate::metadata::Reads;
use crate::parsers::BodySlot;
use crate::permissions::{Held, Permission, Trail};
use crate::policy::Invitation;
use crate::security;
use crate::sessions::{CsrfCookie, Session};
use crate::throttling::{Throttle, Told};
use crate::tokens::cookies::TokenCookies;
use crate::user::{User, UserId};

/// A request as authenticators, permissions and throttles see it.
#[derive(Clone, Copy, Debug)]
pub struct Context<'r> {
    parts: &'r Parts,
    state: &'r Arc<RequestState>,
}

impl<'r> Context<'r> {
    pub(crate) fn new(parts: &'r Parts, state: &'r Arc<RequestState>) -> Self {
        Self { parts, state }
    }

    /// The door that this request came to: its settings, stores and clock.
    #[must_use]
    pub fn door(&self) -> &'r Door {
        &self.state.door
    }

    /// The route that was asked for.
    #[must_use]
    pub fn view(&self) -> &'r View {
        &self.state.view
    }

    /// When the request came; one time for all that is judged of it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.state.now
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &'r Method {
        &self.parts.method
    }

    /// Whether the method is one of DRF's `SAFE_METHODS`: GET, HEAD, OPTIONS.
    #[must_use]
    pub fn is_safe_method(&self) -> bool {
        matches!(self.parts.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }

    /// The address asked for.
    #[must_use]
    pub fn uri(&self) -> &'r Uri {
        &self.parts.uri
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &'r HeaderMap {
        &self.parts.headers
    }

    /// What was attached to the request, by type.
    #[must_use]
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&'r T> {
        self.parts.extensions.get()
    }

    /// All that was attached to the request.
    pub(crate) fn extensions(&self) -> &'r Extensions {
        &self.parts.extensions
    }

    /// How the request came in: over TLS where the server attached [`Scheme::Https`] to it.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        security::scheme(&self.parts.extensions)
    }

    /// The host asked for, port included, as the request has it; the door lets allowed ones in only
    /// (`HttpRequest.get_host`).
    #[must_use]
    pub fn host(&self) -> Option<&'r str> {
        security::host(&self.parts.uri, &self.parts.headers)
    }

    /// The address at the other end of the connection, where the server told it.
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        self.extension::<ConnectInfo<SocketAddr>>().map(|info| info.0)
    }

    /// The cookie that makes this device known to an account.
    pub(crate) fn device_cookie(&self) -> &'r DeviceCookie {
        &self.state.device_cookie
    }

    /// The caller and its credential; `None` for an anonymous one.
    #[must_use]
    pub fn identity(&self) -> Option<&'r Identity> {
        self.state.identity.get()
    }

    /// The caller; `None` for an anonymous one.
    #[must_use]
    pub fn user(&self) -> Option<&'r User> {
        self.identity().map(|identity| &identity.user)
    }

    /// The caller's primary key; `None` for an anonymous one.
    #[must_use]
    pub fn user_id(&self) -> Option<&'r UserId> {
        self.user().map(User::id)
    }

    /// The session, not yet loaded.
    #[must_use]
    pub fn session(&self) -> &'r Session {
        &self.state.session
    }

    /// The CSRF cookie of this exchange.
    #[must_use]
    pub fn csrf(&self) -> &'r CsrfCookie {
        &self.state.csrf
    }

    /// What becomes of the cookies that carry JSON web tokens.
    pub(crate) fn token_cookies(&self) -> &'r TokenCookies {
        &self.state.token_cookies
    }

    /// The whole body, as many bytes as the settings and the route take; kept for the handler.
    ///
    /// # Errors
    /// 413 for a body that is too large, 400 for one that breaks off.
    pub async fn body(&self) -> Result<Bytes> {
        self.state.body.bytes().await
    }

    /// What the caller holds, as far as somebody has asked.
    pub(crate) fn held(&self) -> &'r Held {
        &self.state.held
    }

    /// Where those who are asked leave word.
    pub(crate) fn trail(&self) -> &'r Trail {
        &self.state.trail
    }

    /// What throttles have said of this request.
    pub(crate) fn told(&self) -> &'r Told {
        &self.state.told
    }

    /// Says who the caller is; the first word stands.
    pub(crate) fn identify(&self, identity: Identity) {
        let _ = self.state.identity.set(identity);
    }
}

/// What the guard keeps of a request. In a request's extensions it is the proof that the guard let it pass.
#[derive(Debug)]
pub(crate) struct RequestState {
    pub(crate) door: Door,
    pub(crate) view: Arc<View>,
    pub(crate) now: Timestamp,
    pub(crate) identity: OnceLock<Identity>,
    pub(crate) held: Held,
    pub(crate) trail: Trail,
    pub(crate) session: Session,
    pub(crate) csrf: CsrfCookie,
    pub(crate) token_cookies: TokenCookies,
    pub(crate) device_cookie: DeviceCookie,
    pub(crate) body: BodySlot,
    pub(crate) told: Told,
}

impl RequestState {
    pub(crate) fn new(door: Door, view: Arc<View>, parts: &Parts, body: Body) -> Self {
        let now = door.now();
        let session = Session::from_request(&door, &parts.headers, now);
        let csrf = CsrfCookie::from_request(&door, &parts.headers);
        let trail = Trail::new(door.settings().debug);
        let max_body = door.settings().server.max_body.min(view.max_body);
        let body = BodySlot::new(body, max_body);
        Self {
            door,
            view,
            now,
            identity: OnceLock::new(),
            held: Held::default(),
            trail,
            session,
            csrf,
            token_cookies: TokenCookies::default(),
            device_cookie: DeviceCookie::default(),
            body,
            told: Told::default(),
        }
    }
}

/// What answers: an API, or a page for browsers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ViewKind {
    /// `rest_framework.views.APIView`: JSON, behind the route's policy.
    Api,
    /// `django.views.View`: HTML, behind the CSRF check alone.
    Page,
}

/// A route: its path, its methods, its policy (`rest_framework.views.APIView`).
#[derive(Debug)]
pub struct View {
    pub(crate) kind: ViewKind,
    pub(crate) path: Arc<str>,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) reads: Reads,
    pub(crate) invitation: Option<Invitation>,
    pub(crate) methods: Vec<Method>,
    pub(crate) allow: HeaderValue,
    pub(crate) challenge: Option<HeaderValue>,
    pub(crate) authenticators: Vec<Arc<dyn Authenticator>>,
    pub(crate) permissions: Vec<Arc<dyn Permission>>,
    /// Those that are asked before any credential is looked at.
    pub(crate) early_throttles: Vec<Arc<dyn Throttle>>,
    pub(crate) throttles: Vec<Arc<dyn Throttle>>,
    pub(crate) throttle_scope: Option<Cow<'static, str>>,
    /// How many bytes of a body are read, where the settings do not say less.
    pub(crate) max_body: usize,
}

impl View {
    /// The path as it was registered, such as `/products/{id}/`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The methods that have a handler, in DRF's order; OPTIONS, which the guard answers, is the last.
    #[must_use]
    pub fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// The scope that [`ScopedRateThrottle`](crate::throttling::ScopedRateThrottle) counts this route under.
    #[must_use]
    pub fn throttle_scope(&self) -> Option<&str> {
        self.throttle_scope.as_deref()
    }
}

impl View {
    /// Whether some handler, or the guard, answers that method.
    pub(crate) fn answers(&self, method: &Method) -> bool {
        self.methods.contains(method)
    }

    /// The policy in words: authenticators, permissions, and throttles where there are some.
    pub(crate) fn policy(&self) -> String {
        if self.kind == ViewKind::Page {
            return "page".to_owned();
        }
        let policy = format!("{:?} {:?}", self.authenticators, self.permissions);
        match self.throttles.is_empty() {
            true => policy,
            false => format!("{policy} {:?}", self.throttles),
        }
    }
}
