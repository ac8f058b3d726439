//! What proxies say of a request: its scheme, its host, its port (`SECURE_PROXY_SSL_HEADER`, `USE_X_FORWARDED_HOST`,
//! `USE_X_FORWARDED_PORT`).
//!
//! Django believes whoever sends these headers. Here they count from the networks of `throttle.trusted_proxies` only.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use doorward_django::client_ident::Network;
use doorward_django::urls::Scheme;
use http::header::HOST;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Uri};

use crate::context::ForwardedPort;
use crate::settings::header::header_name;
use crate::settings::{SecuritySettings, Settings, SettingsError};

const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PORT: HeaderName = HeaderName::from_static("x-forwarded-port");

/// Whom to believe, and what.
#[derive(Debug)]
pub(crate) struct Forwarded {
    proxies: Vec<Network>,
    secure: Option<Secure>,
    host: Option<HeaderName>,
    port: Option<HeaderName>,
}

/// The header that tells TLS, and what it says then.
#[derive(Debug)]
struct Secure {
    header: HeaderName,
    value: String,
}

impl Forwarded {
    /// # Errors
    /// Names the key that believes nobody in particular, or cannot be read.
    pub(crate) fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let security = &settings.security;
        let proxies = &settings.throttle.trusted_proxies;
        if let Some(key) = believing(security).filter(|_| proxies.is_empty()) {
            let problem = "is believed from the networks in `throttle.trusted_proxies` only, and there are none; how \
                           many proxies there are (`throttle.num_proxies`) does not tell who is one";
            return Err(SettingsError::new(format!("security.{key}"), problem));
        }
        Ok(Self {
            // What is no network is told with its own key.
            proxies: proxies
                .iter()
                .filter_map(|network| network.parse().ok())
                .collect(),
            secure: security.proxy_ssl_header.as_deref().map(secure).transpose()?,
            host: security.use_x_forwarded_host.then_some(X_FORWARDED_HOST),
            port: security.use_x_forwarded_port.then_some(X_FORWARDED_PORT),
        })
    }

    /// The scheme that a trusted proxy tells of a request; `None` where none tells one.
    pub(crate) fn scheme(&self, request: &Request) -> Option<Scheme> {
        match self.brought(request) {
            true => self.told_scheme(request.headers()),
            false => None,
        }
    }

    /// Puts what a trusted proxy says in the place of what the connection says. Nobody else is believed.
    pub(crate) fn apply(&self, request: &mut Request) {
        if !self.brought(request) {
            return;
        }
        if let Some(scheme) = self.told_scheme(request.headers()) {
            request.extensions_mut().insert(scheme);
        }
        if let Some(port) = self.port(request.headers()) {
            request.extensions_mut().insert(port);
        }
        if let Some(host) = self.host(request.headers()) {
            request.headers_mut().insert(HOST, host);
            without_authority(request.uri_mut());
        }
    }

    /// Whether a trusted proxy brought that request.
    fn brought(&self, request: &Request) -> bool {
        !self.proxies.is_empty() && peer(request.extensions()).is_some_and(|peer| self.trusts(peer))
    }

    fn trusts(&self, peer: IpAddr) -> bool {
        self.proxies.iter().any(|network| network.contains(peer))
    }

    /// TLS where every hop says so: a proxy that appends lets its client write the first word.
    fn told_scheme(&self, headers: &HeaderMap) -> Option<Scheme> {
        let secure = self.secure.as_ref()?;
        let mut words = headers
            .get_all(&secure.header)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
            .map(<[u8]>::trim_ascii)
            .peekable();
        words.peek()?;
        Some(match words.all(|word| word == secure.value.as_bytes()) {
            true => Scheme::Https,
            false => Scheme::Http,
        })
    }

    /// Several hosts become one that no site has.
    fn host(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let mut values = headers.get_all(self.host.as_ref()?).iter();
        let first = values.next()?.clone();
        Some(match values.next() {
            None => first,
            Some(_) => HeaderValue::from_static(","),
        })
    }

    /// Several ports are none.
    fn port(&self, headers: &HeaderMap) -> Option<ForwardedPort> {
        let mut values = headers.get_all(self.port.as_ref()?).iter();
        let (Some(text), None) = (values.next()?.to_str().ok(), values.next()) else {
            return None;
        };
        text.parse().ok().map(ForwardedPort)
    }
}

/// The first key that believes a header.
fn believing(security: &SecuritySettings) -> Option<&'static str> {
    let keys = [
        ("proxy_ssl_header", security.proxy_ssl_header.is_some()),
        ("use_x_forwarded_host", security.use_x_forwarded_host),
        ("use_x_forwarded_port", security.use_x_forwarded_port),
    ];
    keys.into_iter().find(|(_, set)| *set).map(|(key, _)| key)
}

fn secure(text: &str) -> Result<Secure, SettingsError> {
    let parts = text
        .split_once(':')
        .map(|(name, value)| (name.trim(), value.trim()));
    let header = parts.and_then(|(name, value)| Some((header_name(name)?, value)));
    match header.filter(|(_, value)| !value.is_empty()) {
        Some((header, value)) => Ok(Secure {
            header,
            value: value.to_owned(),
        }),
        None => {
            let text = text.escape_debug();
            let problem = format!("`{text}` names no header and its value; write `X-Forwarded-Proto: https`");
            Err(SettingsError::new("security.proxy_ssl_header", problem))
        }
    }
}

fn peer(extensions: &Extensions) -> Option<IpAddr> {
    extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip())
}

/// HTTP/2 names the host in the address; the proxy's word replaces it.
fn without_authority(uri: &mut Uri) {
    let mut parts = uri.clone().into_parts();
    (parts.scheme, parts.authority) = (None, None);
    if let Ok(path) = Uri::from_parts(parts) {
        *uri = path;
    }
}
