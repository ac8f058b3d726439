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
use crate::paths::Paths;
use crate::settings::pattern::pattern;
use crate::settings::{Findings, SecuritySettings, SettingsError};

const HTTPS_ONLY: &str = "This is served over HTTPS only. Ask again with https://, and replace the credential that \
                          you sent, if there was one: it went over the network in the clear.";

/// Where browsers are sent, and which paths are left alone.
#[derive(Debug)]
pub(crate) struct TlsOnly {
    host: Option<String>,
    exempt: RegexSet,
}

impl TlsOnly {
    /// `None` inside where plain HTTP is fine; each thing that is wrong with the settings is told by itself.
    pub(crate) fn resolve(settings: &SecuritySettings, found: &mut Findings) -> Option<Option<Self>> {
        let exempt = found.note(exempt(settings));
        let host = found.note(host(settings))?;
        let exempt = exempt?;
        Some(settings.ssl_redirect.then_some(Self { host, exempt }))
    }

    /// The answer to a request that came over plain HTTP; `None` for an address that is left alone.
    pub(crate) fn answer(&self, host: &str, uri: &Uri, known: &Paths) -> Option<Response> {
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

/// `SECURE_REDIRECT_EXEMPT`: a path stands without its first slash there.
fn exempt(settings: &SecuritySettings) -> Result<RegexSet, SettingsError> {
    let key = "security.redirect_exempt";
    for text in &settings.redirect_exempt {
        let problem = match text.starts_with("^/") {
            true => Err("paths stand without their first slash here, as in `^health$`".to_owned()),
            false => pattern(text).map(drop),
        };
        problem
            .map_err(|problem| SettingsError::new(key, format!("`{}`: {problem}", text.escape_debug())))?;
    }
    RegexSet::new(&settings.redirect_exempt)
        .map_err(|_| SettingsError::new(key, "these are too many patterns"))
}

fn host(settings: &SecuritySettings) -> Result<Option<String>, SettingsError> {
    let host = settings.ssl_host.as_deref();
    match host.filter(|host| split_domain_port(host).is_none()) {
        None => Ok(host.map(str::to_owned)),
        Some(wrong) => {
            let problem = format!("`{}` is no host; write `example.com`", wrong.escape_debug());
            Err(SettingsError::new("security.ssl_host", problem))
        }
    }
}

fn refusal() -> ApiException {
    ApiException::permission_denied()
        .with_code("https_required")
        .with_detail(HTTPS_ONLY)
}
