//! [`Context`]: one request on its way through the door, and [`View`], the route it asks for.

mod credentials;
mod host;
mod notes;
mod outgoing;
mod request;
mod view;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use doorward_django::timestamp::Timestamp;
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, Uri};

pub(crate) use host::{ForwardedPort, host, scheme};
pub use request::{GuardedState, RequestContext};
pub(crate) use request::{path_of, state_of};
pub use view::View;
pub(crate) use view::{Callers, ViewKind};

use crate::cookies::{Cookies, SetCookie};
use crate::door::Door;
use crate::exceptions::Result;
use crate::identity::Identity;
use crate::parsers::BodySlot;
use crate::sessions::{CsrfCookie, Looked, Session};
use crate::user::{User, UserId};
use notes::Notes;
use outgoing::Outgoing;

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
        self.extensions().get()
    }

    /// All that was attached to the request.
    pub(crate) fn extensions(&self) -> &'r Extensions {
        &self.parts.extensions
    }

    /// The address at the other end of the connection, where the server told it.
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        self.extension::<ConnectInfo<SocketAddr>>().map(|info| info.0)
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

    /// Says who the caller is; the first word stands.
    pub(crate) fn identify(&self, identity: Identity) {
        let _ = self.state.identity.set(identity);
    }

    /// The session, not yet loaded.
    #[must_use]
    pub fn session(&self) -> &'r Session {
        self.state.session()
    }

    /// Whether the request brought no session, so that no store needs to be asked; it counts as a look at it all the same.
    #[must_use]
    pub fn brought_no_session(&self) -> bool {
        self.state.brought_no_session()
    }

    /// The CSRF cookie of this exchange.
    #[must_use]
    pub fn csrf(&self) -> &'r CsrfCookie {
        self.state.csrf()
    }

    /// The cookies that came.
    pub(crate) fn cookies(&self) -> &'r Cookies {
        &self.state.cookies
    }

    /// The whole body, as many bytes as the settings and the route take; kept for the handler.
    ///
    /// # Errors
    /// 413 for a body that is too large, 400 for one that breaks off.
    pub async fn body(&self) -> Result<Bytes> {
        self.state.body.bytes().await
    }

    /// The cookie of that name as it came; of several the last one counts.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies().value(name)
    }

    /// Every cookie of that name as it came, in the order of their coming.
    #[must_use]
    pub fn cookies_named(&self, name: &str) -> Vec<String> {
        self.cookies().texts(name)
    }

    /// Has the answer set a cookie, unless it is a failure of ours (5xx); of several of one name the last one is set.
    pub fn set_cookie(&self, cookie: SetCookie<'_>) {
        self.outgoing().set_cookie(cookie);
    }

    /// What a module remembers of this request, empty when it is first asked for.
    #[must_use]
    pub fn note<T: Default + Send + Sync + 'static>(&self) -> &'r T {
        self.state.notes.get_or_make(T::default)
    }

    /// What a module remembers of this request; `None` where it has not asked for it yet.
    #[must_use]
    pub fn noted<T: Send + Sync + 'static>(&self) -> Option<&'r T> {
        self.state.notes.get()
    }

    /// Has the answer get a header, unless it is a failure of ours (5xx).
    pub fn set_header(&self, name: HeaderName, value: HeaderValue) {
        self.outgoing().insert(name, value);
    }

    /// Says that the answer varies with the cookies that came.
    pub fn vary_on_cookie(&self) {
        self.outgoing().vary_on_cookie();
    }

    /// What the answer gets besides what its handler says.
    pub(crate) fn outgoing(&self) -> &'r Outgoing {
        &self.state.outgoing
    }
}

/// What the guard keeps of a request. In a request's extensions it is the proof that the guard let it pass.
#[derive(Debug)]
pub(crate) struct RequestState {
    pub(crate) door: Door,
    pub(crate) view: Arc<View>,
    now: Timestamp,
    cookies: Cookies,
    pub(crate) identity: OnceLock<Identity>,
    session: OnceLock<Session>,
    /// Whether anybody looked for a session where none was made, for the request brought no cookie.
    missed_session: AtomicBool,
    csrf: OnceLock<CsrfCookie>,
    pub(crate) body: BodySlot,
    pub(crate) notes: Notes,
    pub(crate) outgoing: Outgoing,
}

impl RequestState {
    pub(crate) fn new(door: Door, view: Arc<View>, parts: &Parts, body: Body) -> Self {
        Self {
            now: door.now(),
            cookies: Cookies::of(&parts.headers),
            identity: OnceLock::new(),
            session: OnceLock::new(),
            missed_session: AtomicBool::new(false),
            csrf: OnceLock::new(),
            body: BodySlot::new(body, view.max_body),
            notes: Notes::default(),
            outgoing: Outgoing::default(),
            door,
            view,
        }
    }

    pub(crate) fn session(&self) -> &Session {
        let make = || {
            let looked = match self.missed_session() {
                true => Looked::Already,
                false => Looked::NotYet,
            };
            Session::from_cookies(&self.door, &self.cookies, self.now, looked)
        };
        self.session.get_or_init(make)
    }

    /// Most requests of programs bring no cookie at all: for them no session is made.
    fn brought_no_session(&self) -> bool {
        if self.cookies.is_empty() && self.session.get().is_none() {
            self.missed_session.store(true, Ordering::Relaxed);
            return true;
        }
        self.session().brought_nothing()
    }

    /// Whether somebody looked for a session and there was none to make.
    pub(crate) fn missed_session(&self) -> bool {
        self.missed_session.load(Ordering::Relaxed)
    }

    pub(crate) fn csrf(&self) -> &CsrfCookie {
        let make = || CsrfCookie::from_cookies(&self.door, &self.cookies);
        self.csrf.get_or_init(make)
    }

    /// The session, where somebody asked for it or the request may have brought one.
    pub(crate) fn session_to_end(&self) -> Option<&Session> {
        match self.cookies.is_empty() {
            true => self.session.get(),
            false => Some(self.session()),
        }
    }

    /// The CSRF cookie, where somebody asked for it or the request may have brought one.
    pub(crate) fn csrf_to_write(&self) -> Option<&CsrfCookie> {
        match self.cookies.is_empty() {
            true => self.csrf.get(),
            false => Some(self.csrf()),
        }
    }
}
