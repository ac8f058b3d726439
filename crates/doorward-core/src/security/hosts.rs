//! Which hosts this site answers for (`django.http.HttpRequest.get_host`).

use doorward_django::urls::{DEBUG_ALLOWED_HOSTS, split_domain_port, validate_host};
use http::header::HOST;
use http::{HeaderMap, Uri};

use crate::context::host;
use crate::exceptions::{ApiException, Result};
use crate::headers::Headers;
use crate::log_text::log_text;
use crate::settings::Settings;

/// `ALLOWED_HOSTS`.
#[derive(Debug)]
pub(crate) struct AllowedHosts {
    patterns: Vec<String>,
    /// Those of the patterns that are a name and nothing else: they are compared without a copy.
    names: Vec<String>,
}

impl AllowedHosts {
    pub(crate) fn new(settings: &Settings) -> Self {
        let patterns = match settings.allowed_hosts.as_slice() {
            [] if settings.debug => DEBUG_ALLOWED_HOSTS.map(str::to_owned).into(),
            hosts => hosts.to_vec(),
        };
        let names = patterns.iter().filter(|pattern| is_name(pattern)).cloned();
        Self {
            names: names.collect(),
            patterns,
        }
    }

    /// The host that a request asks for.
    ///
    /// # Errors
    /// 400 where it names none, more than one, or one that is not allowed.
    pub(crate) fn check<'r>(&'r self, uri: &'r Uri, headers: &'r HeaderMap) -> Result<&'r str> {
        if let Some(name) = self.plainly_named(uri, headers) {
            return Ok(name);
        }
        let Some(host) = host(uri, headers) else {
            tracing::warn!("Host header missing, doubled or in conflict with the address");
            return Err(refused());
        };
        if self.names.iter().any(|name| name == without_port(host)) {
            return Ok(host);
        }
        match validate_host(host, &self.patterns) {
            Ok(_) => Ok(host),
            Err(error) => {
                tracing::warn!("{}", log_text(error));
                Err(refused())
            }
        }
    }

    /// The allowed host that a request names in its one Host header and nowhere else, without a port.
    fn plainly_named(&self, uri: &Uri, headers: &HeaderMap) -> Option<&str> {
        let (None, Headers::One(host)) = (uri.authority(), Headers::of(headers, &HOST)) else {
            return None;
        };
        let mut names = self.names.iter().map(String::as_str);
        names.find(|name| host == name)
    }
}

/// The refusal of a request that names two hosts, at a path where any one will do (RFC 9113 §8.3.1): whoever looks at one
/// of them would be led astray by the other.
pub(crate) fn refuse_two(uri: &Uri, headers: &HeaderMap) -> Option<ApiException> {
    (headers.contains_key(HOST) && host(uri, headers).is_none()).then(refused)
}

fn refused() -> ApiException {
    ApiException::parse_error("Invalid HTTP_HOST header.").with_code("disallowed_host")
}

fn is_name(pattern: &str) -> bool {
    split_domain_port(pattern).is_some_and(|host| host.domain == pattern && host.port.is_empty())
        && !pattern.starts_with('.')
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}
