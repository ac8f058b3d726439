//! Which sites' scripts may read answers (the Fetch Standard's CORS protocol, as django-cors-headers speaks it:
//! `corsheaders.middleware.CorsMiddleware`).
//!
//! It stands before everything else: a preflight is answered for any path, known or not, and nobody is authenticated
//! for it; every other answer, refusals and redirects included, gets its headers on the way out.

mod origins;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, CONTENT_LENGTH, CONTENT_TYPE, ORIGIN,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::cookies::vary_on;
use crate::door::Door;
use crate::headers::Headers;
use crate::settings::{CorsSettings, Findings, SettingsError};

use origins::Origins;

const REQUEST_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// `corsheaders.defaults.default_headers`
const DEFAULT_HEADERS: [&str; 6] = [
    "accept",
    "authorization",
    "content-type",
    "user-agent",
    "x-csrftoken",
    "x-requested-with",
];
/// `corsheaders.defaults.default_methods`
const DEFAULT_METHODS: [&str; 6] = ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"];

/// `[cors]`, resolved: every value is made once.
#[derive(Debug)]
pub(crate) struct Cors {
    origins: Origins,
    /// For every answer that an allowed origin gets.
    always: Vec<(HeaderName, HeaderValue)>,
    /// For answers to OPTIONS on top of that.
    options: Vec<(HeaderName, HeaderValue)>,
    allow_private_network: bool,
}

/// What a request says that its answer's headers depend on.
#[derive(Debug)]
pub(crate) struct Asked {
    origin: Option<HeaderValue>,
    is_options: bool,
    is_preflight: bool,
    private_network: bool,
}

impl Door {
    /// Which sites' scripts may read answers.
    pub(crate) fn cors(&self) -> Arc<Cors> {
        self.shared_slot()
    }

    /// Whether that origin is one of those that the settings name: its scripts may then use what the browser knows of a
    /// caller. Where every origin is allowed none is named.
    pub(crate) fn is_named_origin(&self, origin: &str) -> bool {
        self.cors().origins.names(origin)
    }
}

impl Cors {
    /// The rules of the settings; each thing that is wrong with them is told by itself.
    pub(crate) fn resolve(settings: &CorsSettings, found: &mut Findings) -> Option<Self> {
        let origins = Origins::resolve(settings, found);
        let exposed = found.note(list("expose_headers", &settings.expose_headers));
        let options = options(settings, found);
        let exposed = exposed.filter(|_| !settings.expose_headers.is_empty());
        let credentials = settings
            .allow_credentials
            .then(|| HeaderValue::from_static("true"));
        let always = [
            (ACCESS_CONTROL_ALLOW_CREDENTIALS, credentials),
            (ACCESS_CONTROL_EXPOSE_HEADERS, exposed),
        ];
        let always = always
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        Some(Self {
            origins: origins?,
            always: always.collect(),
            options: options?,
            allow_private_network: settings.allow_private_network,
        })
    }

    /// Adds the headers that the answer to such a request has (`CorsMiddleware.add_response_headers`).
    pub(crate) fn add(&self, asked: &Asked, response: &mut Response) {
        let headers = response.headers_mut();
        vary_on(headers, "origin");
        let Some(allowed) = asked
            .origin
            .as_ref()
            .and_then(|origin| self.origins.allow(origin))
        else {
            return;
        };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        add_all(&self.always, headers);
        if asked.is_options {
            add_all(&self.options, headers);
        }
        if self.allow_private_network && asked.private_network {
            headers.insert(ALLOW_PRIVATE_NETWORK, HeaderValue::from_static("true"));
        }
    }
}

impl Asked {
    pub(crate) fn new(request: &Request) -> Self {
        let headers = request.headers();
        let is_options = request.method() == Method::OPTIONS;
        let origin = the_one(&ORIGIN, headers);
        Self {
            is_options,
            is_preflight: is_options && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD),
            // Without an origin the answer says nothing of networks.
            private_network: origin.is_some() && wants_private_network(headers),
            origin,
        }
    }

    /// The answer to a preflight, save its CORS headers (`CorsMiddleware.check_preflight`).
    pub(crate) fn preflight(&self) -> Option<Response> {
        if !self.is_preflight {
            return None;
        }
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        Some(response)
    }
}

fn wants_private_network(headers: &HeaderMap) -> bool {
    let asked = headers.get(REQUEST_PRIVATE_NETWORK);
    asked.is_some_and(|value| value == "true")
}

/// The value of a header that stands once; of several none counts.
fn the_one(name: &HeaderName, headers: &HeaderMap) -> Option<HeaderValue> {
    match Headers::of(headers, name) {
        Headers::One(value) => Some(value).filter(|value| !value.is_empty()).cloned(),
        Headers::None | Headers::Several => None,
    }
}

fn add_all(values: &[(HeaderName, HeaderValue)], headers: &mut HeaderMap) {
    for (name, value) in values {
        headers.insert(name.clone(), value.clone());
    }
}

fn options(settings: &CorsSettings, found: &mut Findings) -> Option<Vec<(HeaderName, HeaderValue)>> {
    let headers = found.note(given(
        "allow_headers",
        settings.allow_headers.as_deref(),
        DEFAULT_HEADERS,
    ));
    let methods = found.note(given(
        "allow_methods",
        settings.allow_methods.as_deref(),
        DEFAULT_METHODS,
    ));
    let mut options = vec![
        (ACCESS_CONTROL_ALLOW_HEADERS, headers?),
        (ACCESS_CONTROL_ALLOW_METHODS, methods?),
    ];
    if settings.preflight_max_age > 0 {
        options.push((ACCESS_CONTROL_MAX_AGE, settings.preflight_max_age.into()));
    }
    Some(options)
}

/// The list that was given, or else the usual one.
fn given(key: &str, given: Option<&[String]>, usual: [&str; 6]) -> Result<HeaderValue, SettingsError> {
    match given {
        Some(names) => list(key, names),
        None => list(key, &usual.map(str::to_owned)),
    }
}

/// A list of names as the value of a header.
fn list(key: &str, names: &[String]) -> Result<HeaderValue, SettingsError> {
    let key = format!("cors.{key}");
    // A method is a token as a header's name is (RFC 9110 §5.1, §9.1).
    let is_name = |name: &String| Method::from_bytes(name.as_bytes()).is_ok();
    if let Some(name) = names.iter().find(|name| !is_name(name)) {
        let problem = format!("`{}` is no name of a header or a method", name.escape_debug());
        return Err(SettingsError::new(key, problem));
    }
    HeaderValue::try_from(names.join(", ")).map_err(|error| SettingsError::new(key, error.to_string()))
}
