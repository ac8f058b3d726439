//! `[security]`: Django's `SECURE_*` and `X_FRAME_OPTIONS`.

use serde::Deserialize;

/// `[security]`: the headers of `django.middleware.security` and `django.middleware.clickjacking`.
#[derive(Clone, Debug, Deserialize)]
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
    /// Whether plain HTTP is redirected (`SECURE_SSL_REDIRECT`).
    pub ssl_redirect: bool,
    /// Whether `X-Content-Type-Options: nosniff` is sent (`SECURE_CONTENT_TYPE_NOSNIFF`).
    pub content_type_nosniff: bool,
    /// `Referrer-Policy` (`SECURE_REFERRER_POLICY`); not sent when empty.
    pub referrer_policy: String,
    /// `Cross-Origin-Opener-Policy` (`SECURE_CROSS_ORIGIN_OPENER_POLICY`); not sent when empty.
    pub cross_origin_opener_policy: String,
    /// `X-Frame-Options` (`X_FRAME_OPTIONS`); not sent when empty.
    pub x_frame_options: String,
}

impl Default for SecuritySettings {
    fn default() -> Self {
        Self {
            hsts_seconds: 0,
            hsts_include_subdomains: false,
            hsts_preload: false,
            ssl_redirect: false,
            content_type_nosniff: true,
            referrer_policy: "same-origin".to_owned(),
            cross_origin_opener_policy: "same-origin".to_owned(),
            x_frame_options: "DENY".to_owned(),
        }
    }
}
