//! What plain HTTP is answered where TLS is demanded (`SECURE_SSL_REDIRECT`, `SECURE_SSL_HOST`,
//! `SECURE_REDIRECT_EXEMPT`).
//!
//! Pages are redirected, as Django redirects everything. An API path refuses: its client sent a credential in the
//! clear, and a redirect would hide that for good (OWASP ASVS 5.0, 4.1.2).

use axum::response::{IntoResponse, Response};
use doorward_django::urls::split_domain_port;
use http::Uri;
use regex::RegexSet;

use super::{paths, redirects};
use crate::exceptions::ApiException;
use crate::router::Paths;
use crate::settings::{SecuritySettings, SettingsError};

const HTTPS_ONLY: &str = "This is served over HTTPS only. Ask again with https://, and replace the credential that \
                          you sent, if there was one: it went over the network in the clear.";

/// Where browsers are sent, and which paths are left alone.
#[derive(Debug)]
pub(super) struct TlsOnly {
    host: Option<String>,
    exempt: RegexSet,
}

impl TlsOnly {
    /// `None` where plain HTTP is fine.
    ///
    /// # Errors
    /// Names the key whose value is impossible.
    pub(super) fn new(settings: &SecuritySettings) -> Result<Option<Self>, SettingsError> {
        let exempt = RegexSet::new(&settings.redirect_exempt)
            .map_err(|error| SettingsError::new("security.redirect_exempt", error.to_string()))?;
        let host = settings.ssl_host.clone();
        if let Some(wrong) = host.as_deref().filter(|host| split_domain_port(host).is_none()) {
            let problem = format!("`{}` is no host; write `example.com`", wrong.escape_debug());
            return Err(SettingsError::new("security.ssl_host", problem));
        }
        Ok(settings.ssl_redirect.then_some(Self { host, exempt }))
    }

    /// The answer to a request that came over plain HTTP; `None` for an address that is left alone.
    pub(super) fn answer(&self, host: &str, uri: &Uri, known: &Paths) -> Option<Response> {
        let normalized = paths::normalized(uri);
        let path = normalized.as_ref().unwrap_or(uri).path();
        if self
            .exempt
            .is_match(redirects::decoded(path).trim_start_matches('/'))
        {
            return None;
        }
        Some(match known.is_for_browsers(path) {
            true => redirects::to_https(self.host.as_deref().unwrap_or(host), uri),
            false => refusal().into_response(),
        })
    }
}

fn refusal() -> ApiException {
    ApiException::permission_denied()
        .with_code("https_required")
        .with_detail(HTTPS_ONLY)
}
