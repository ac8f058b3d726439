//! `[security]`: Django's `SECURE_*` and `X_FRAME_OPTIONS`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Nothing is loaded or framed, forms come back here, and the one style is
/// [`PAGE_STYLE`](crate::pages::PAGE_STYLE), by its hash.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src \
                                       'sha256-FGCSRAkAWObx+1wgaakcA6lqwkxn5rbOIFZoZC91V1A='; form-action 'self'; \
                                       frame-ancestors 'none'; base-uri 'none'";

/// `[security]`: the headers of `django.middleware.security` and `django.middleware.clickjacking`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "they are Django's settings")]
pub struct SecuritySettings {
    /// Seconds of `Strict-Transport-Security`, over TLS only (`SECURE_HSTS_SECONDS`); not sent at zero.
    pub hsts_seconds: u64,
    /// Whether it covers subdomains (`SECURE_HSTS_INCLUDE_SUBDOMAINS`).
    pub hsts_include_subdomains: bool,
    /// Whether it asks for preloading (`SECURE_HSTS_PRELOAD`).
    pub hsts_preload: bool,
    /// Whether plain HTTP is redirected on pages and public paths, and refused on API paths (`SECURE_SSL_REDIRECT`).
    pub ssl_redirect: bool,
    /// The host that plain HTTP is redirected to (`SECURE_SSL_HOST`); the one asked for unless set.
    pub ssl_host: Option<String>,
    /// Patterns of paths, without their first slash, that are answered over plain HTTP too (`SECURE_REDIRECT_EXEMPT`).
    pub redirect_exempt: Vec<String>,
    /// The header by which a trusted proxy tells TLS, and its value then, such as `X-Forwarded-Proto: https`
    /// (`SECURE_PROXY_SSL_HEADER`); wants `throttle.trusted_proxies`.
    pub proxy_ssl_header: Option<String>,
    /// Whether a trusted proxy's `X-Forwarded-Host` is the host asked for (`USE_X_FORWARDED_HOST`); wants
    /// `throttle.trusted_proxies`.
    pub use_x_forwarded_host: bool,
    /// Whether a trusted proxy's `X-Forwarded-Port` is the port asked for (`USE_X_FORWARDED_PORT`); wants
    /// `throttle.trusted_proxies`.
    pub use_x_forwarded_port: bool,
    /// `Content-Security-Policy` of pages (`SECURE_CSP`); not sent when empty.
    pub content_security_policy: String,
    /// Whether `X-Content-Type-Options: nosniff` is sent (`SECURE_CONTENT_TYPE_NOSNIFF`).
    pub content_type_nosniff: bool,
    /// `Referrer-Policy` (`SECURE_REFERRER_POLICY`); not sent when empty.
    pub referrer_policy: String,
    /// `Cross-Origin-Opener-Policy` (`SECURE_CROSS_ORIGIN_OPENER_POLICY`); not sent when empty.
    pub cross_origin_opener_policy: String,
    /// `X-Frame-Options` (`X_FRAME_OPTIONS`); not sent when empty.
    pub x_frame_options: String,
}

super::of_field!(SecuritySettings, security);

impl Default for SecuritySettings {
    fn default() -> Self {
        Self {
            hsts_seconds: 0,
            hsts_include_subdomains: false,
            hsts_preload: false,
            ssl_redirect: false,
            ssl_host: None,
            redirect_exempt: Vec::new(),
            proxy_ssl_header: None,
            use_x_forwarded_host: false,
            use_x_forwarded_port: false,
            content_security_policy: CONTENT_SECURITY_POLICY.to_owned(),
            content_type_nosniff: true,
            referrer_policy: "same-origin".to_owned(),
            cross_origin_opener_policy: "same-origin".to_owned(),
            x_frame_options: "DENY".to_owned(),
        }
    }
}
