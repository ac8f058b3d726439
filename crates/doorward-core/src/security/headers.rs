//! Headers that go with every answer (`django.middleware.security`, `django.middleware.clickjacking`).

use axum::response::Response;
use doorward_django::urls::Scheme;
use http::header::{
    CONTENT_SECURITY_POLICY, Entry, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderValue};

use crate::settings::{Findings, SecuritySettings, SettingsError};

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// The headers' values, made once.
#[derive(Debug)]
pub(crate) struct SecurityHeaders {
    everywhere: Vec<(HeaderName, HeaderValue)>,
    frame_options: Option<HeaderValue>,
    transport_security: Option<HeaderValue>,
    content_security_policy: Option<HeaderValue>,
}

impl SecurityHeaders {
    fn new(settings: &SecuritySettings) -> Result<Self, SettingsError> {
        let nosniff = if settings.content_type_nosniff {
            "nosniff"
        } else {
            ""
        };
        let referrer = settings.referrer_policy.split(',').map(str::trim);
        let referrer = referrer.collect::<Vec<_>>().join(",");
        let opener = &settings.cross_origin_opener_policy;
        let everywhere = [
            (X_CONTENT_TYPE_OPTIONS, value("content_type_nosniff", nosniff)?),
            (REFERRER_POLICY, value("referrer_policy", &referrer)?),
            (
                CROSS_ORIGIN_OPENER_POLICY,
                value("cross_origin_opener_policy", opener)?,
            ),
        ];
        let everywhere = everywhere
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        Ok(Self {
            everywhere: everywhere.collect(),
            frame_options: value("x_frame_options", &settings.x_frame_options.to_uppercase())?,
            transport_security: transport_security(settings)?,
            content_security_policy: value("content_security_policy", &settings.content_security_policy)?,
        })
    }

    /// The headers of the settings; each thing that is wrong with them is told by itself.
    pub(crate) fn resolve(settings: &SecuritySettings, found: &mut Findings) -> Option<Self> {
        let headers = found.note_if_new(Self::new(settings));
        found.note_if_new(value(
            "content_security_policy",
            &settings.content_security_policy,
        ));
        let preload = settings.hsts_preload && settings.hsts_seconds > 0;
        found.require(
            !preload || settings.hsts_include_subdomains,
            "security.hsts_preload",
            || {
                "browsers take a site onto their lists only with its subdomains; set \
                 `security.hsts_include_subdomains` too, or take this out"
                    .to_owned()
            },
        );
        headers
    }

    /// `SecurityMiddleware.process_response`: what the handler has set stays.
    pub(crate) fn add(&self, scheme: Scheme, response: &mut Response) {
        let headers = response.headers_mut();
        for (name, value) in &self.everywhere {
            set_default(name.clone(), value, headers);
        }
        if let (Scheme::Https, Some(value)) = (scheme, &self.transport_security) {
            set_default(STRICT_TRANSPORT_SECURITY, value, headers);
        }
    }

    /// `XFrameOptionsMiddleware`, which in Django stands inside of what redirects.
    pub(crate) fn add_frame_options(&self, response: &mut Response) {
        if let Some(value) = &self.frame_options {
            set_default(X_FRAME_OPTIONS, value, response.headers_mut());
        }
    }

    /// Django 6.0's `ContentSecurityPolicyMiddleware`, for pages only: nothing renders JSON.
    pub(crate) fn add_content_security_policy(&self, response: &mut Response) {
        if let Some(value) = &self.content_security_policy {
            set_default(CONTENT_SECURITY_POLICY, value, response.headers_mut());
        }
    }
}

fn set_default(name: HeaderName, value: &HeaderValue, headers: &mut HeaderMap) {
    if let Entry::Vacant(entry) = headers.entry(name) {
        entry.insert(value.clone());
    }
}

fn transport_security(settings: &SecuritySettings) -> Result<Option<HeaderValue>, SettingsError> {
    if settings.hsts_seconds == 0 {
        return Ok(None);
    }
    let mut text = format!("max-age={}", settings.hsts_seconds);
    if settings.hsts_include_subdomains {
        text.push_str("; includeSubDomains");
    }
    if settings.hsts_preload {
        text.push_str("; preload");
    }
    value("hsts_seconds", &text)
}

/// The value of a header, `None` where it is not to be sent.
fn value(key: &str, text: &str) -> Result<Option<HeaderValue>, SettingsError> {
    if text.is_empty() {
        return Ok(None);
    }
    let problem = "cannot stand in a header; use visible ASCII only";
    let value = HeaderValue::from_str(text);
    value
        .map(Some)
        .map_err(|_| SettingsError::new(format!("security.{key}"), problem))
}
