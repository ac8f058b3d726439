//! [`TestClient`]: a caller of one kind.

mod request;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use doorward_core::service::DoorService;
use doorward_core::settings::Settings;
use doorward_django::urls::Scheme;
use http::header::{COOKIE, HOST, REFERER};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use http_body_util::BodyExt;
use tower::ServiceExt;

pub use request::TestRequest;

use crate::TestResponse;
use crate::cookies::Cookies;
use crate::failure::fail;

/// A caller of one kind, with its credential; cheap to clone.
///
/// Clients are made by a [`TestSite`](crate::TestSite). One with cookies is a browser: it keeps those that it is
/// given, and sends the CSRF token with each request that changes something, as the site's own script would.
#[derive(Clone, Debug)]
pub struct TestClient {
    /// Who this is, for messages.
    name: Arc<str>,
    service: DoorService,
    address: Address,
    credential: Option<(HeaderName, HeaderValue)>,
    cookies: Option<Arc<Cookies>>,
    csrf: Option<Csrf>,
}

/// Where a client calls, and from where.
#[derive(Clone, Debug)]
struct Address {
    scheme: Scheme,
    host: HeaderValue,
    peer: SocketAddr,
}

/// The cookie that holds the CSRF token, and the header that repeats it.
#[derive(Clone, Debug)]
struct Csrf {
    cookie: String,
    header: HeaderName,
}

impl TestClient {
    pub(crate) fn new(service: &DoorService, settings: &Settings, name: &str) -> Self {
        Self {
            name: name.into(),
            service: service.clone(),
            address: Address::of(settings),
            credential: None,
            cookies: None,
            csrf: None,
        }
    }

    pub(crate) fn with_credential(mut self, header: HeaderName, value: HeaderValue) -> Self {
        self.credential = Some((header, value));
        self
    }

    pub(crate) fn with_cookies(mut self, settings: &Settings) -> Self {
        self.cookies = Some(Arc::default());
        self.csrf = Some(Csrf {
            cookie: settings.csrf.cookie_name.clone(),
            header: header_name(&settings.csrf.header_name),
        });
        self
    }

    /// The same caller at another service.
    pub(crate) fn at(mut self, service: &DoorService) -> Self {
        self.service = service.clone();
        self
    }

    /// The same browser without the CSRF token in its requests: what a page of another site can send.
    #[must_use]
    pub fn without_csrf(&self) -> Self {
        Self {
            name: format!("{}, without CSRF token", self.name).into(),
            csrf: None,
            ..self.clone()
        }
    }

    /// The same caller from another machine; throttles count by the address. Callers come from 127.0.0.1 else.
    #[must_use]
    pub fn from_address(&self, address: IpAddr) -> Self {
        let mut client = self.clone();
        client.address.peer.set_ip(address);
        client
    }

    /// The value of a cookie that this browser keeps.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.as_ref()?.value(name)
    }

    /// GET.
    pub fn get(&self, path: &str) -> TestRequest {
        self.request(Method::GET, path)
    }

    /// POST.
    pub fn post(&self, path: &str) -> TestRequest {
        self.request(Method::POST, path)
    }

    /// PUT.
    pub fn put(&self, path: &str) -> TestRequest {
        self.request(Method::PUT, path)
    }

    /// PATCH.
    pub fn patch(&self, path: &str) -> TestRequest {
        self.request(Method::PATCH, path)
    }

    /// DELETE.
    pub fn delete(&self, path: &str) -> TestRequest {
        self.request(Method::DELETE, path)
    }

    /// A request of any method to a path, which begins with a slash and may have a query.
    pub fn request(&self, method: Method, path: &str) -> TestRequest {
        TestRequest::new(self, method, path)
    }

    /// The answer, read to its end.
    pub(crate) async fn send(&self, request: TestRequest) -> TestResponse {
        let (mut response, body) = self.begin(request).await;
        response.body = match body.collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) => fail(format_args!(
                "the body of {} breaks off: {error}",
                response.request
            )),
        };
        response
    }

    /// The answer's head, and its body as it comes.
    pub(crate) async fn begin(&self, request: TestRequest) -> (TestResponse, Body) {
        let line = format!("{} {} by {}", request.method, request.path, self.name);
        let Ok(response) = self.service.clone().oneshot(self.complete(request)).await;
        let (parts, body) = response.into_parts();
        if let Some(cookies) = &self.cookies {
            cookies.keep(&parts.headers);
        }
        let response = TestResponse {
            request: line,
            status: parts.status,
            headers: parts.headers,
            body: Bytes::new(),
        };
        (response, body)
    }

    /// The request with all that this client adds; what it says itself stands.
    fn complete(&self, request: TestRequest) -> Request<Body> {
        if !request.path.starts_with('/') {
            fail(format_args!(
                "`{}` is no path: it must begin with `/`",
                request.path
            ));
        }
        let mut headers = self.headers(&request.method);
        headers.extend(request.headers);
        let built = Request::builder().method(request.method).uri(&request.path);
        let mut built = match built.body(Body::from(request.body)) {
            Ok(built) => built,
            Err(error) => fail(format_args!("`{}` is no path: {error}", request.path)),
        };
        *built.headers_mut() = headers;
        built.extensions_mut().insert(ConnectInfo(self.address.peer));
        built.extensions_mut().insert(self.address.scheme);
        built
    }

    fn headers(&self, method: &Method) -> HeaderMap {
        let mut headers = self.address.headers();
        headers.extend(self.credential.clone());
        let cookies = self.cookies.as_deref().and_then(Cookies::header);
        headers.extend(cookies.map(|cookies| (COOKIE, cookies)));
        if !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
            headers.extend(self.csrf_header());
        }
        headers
    }

    fn csrf_header(&self) -> Option<(HeaderName, HeaderValue)> {
        let csrf = self.csrf.as_ref()?;
        let token = self.cookie(&csrf.cookie)?;
        let token = HeaderValue::try_from(token).expect("what came in a header fits into one");
        Some((csrf.header.clone(), token))
    }
}

impl Address {
    /// A host that is allowed, over TLS where the settings want it.
    fn of(settings: &Settings) -> Self {
        let wants_tls =
            settings.security.ssl_redirect || settings.session.cookie_secure || settings.csrf.cookie_secure;
        let mut hosts = settings.allowed_hosts.iter();
        let host = hosts.find(|host| !host.starts_with(['.', '*', '[']));
        let host = host.map_or("localhost", String::as_str);
        Self {
            scheme: if wants_tls { Scheme::Https } else { Scheme::Http },
            host: HeaderValue::try_from(host).unwrap_or(HeaderValue::from_static("localhost")),
            peer: (Ipv4Addr::LOCALHOST, 50_000).into(),
        }
    }

    /// `Host`, and over TLS `Referer`, which Django's CSRF check asks for there.
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::from_iter([(HOST, self.host.clone())]);
        if self.scheme == Scheme::Https {
            let here = format!("https://{}/", self.host.to_str().unwrap_or("localhost"));
            headers.extend(HeaderValue::try_from(here).ok().map(|here| (REFERER, here)));
        }
        headers
    }
}

/// A header by its name in the settings: `HTTP_X_CSRFTOKEN` or `X-CSRFToken`.
pub(crate) fn header_name(setting: &str) -> HeaderName {
    let name = match setting.strip_prefix("HTTP_") {
        Some(name) => name.replace('_', "-"),
        None => setting.to_owned(),
    };
    HeaderName::try_from(name)
        .unwrap_or_else(|error| fail(format_args!("`{setting}` names no header: {error}")))
}
