//! `[jwt.cookie]`: JSON web tokens in HttpOnly cookies, which scripts cannot read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::settings::SameSite;

/// `[jwt.cookie]`: cookies that carry JSON web tokens; there are none unless `refresh_name` is set.
///
/// They are always HttpOnly, and last as long as the token in them. The names in brackets are dj-rest-auth's.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct JwtCookieSettings {
    /// The name of the cookie that carries the refresh token (`JWT_AUTH_REFRESH_COOKIE`); without it tokens travel
    /// in bodies and headers only.
    pub refresh_name: Option<String>,
    /// The name of the cookie that carries the access or the sliding token (`JWT_AUTH_COOKIE`); without it they stay
    /// in bodies and headers.
    pub access_name: Option<String>,
    /// Whether they are sent over TLS only (`JWT_AUTH_SECURE`); browsers take this machine's own names for as good.
    pub secure: bool,
    /// Their `SameSite` (`JWT_AUTH_SAMESITE`).
    pub samesite: SameSite,
    /// Their `Domain` (`JWT_AUTH_COOKIE_DOMAIN`); the host alone unless set.
    pub domain: Option<String>,
    /// The `Path` of the access cookie.
    pub path: String,
    /// The `Path` of the refresh cookie (`JWT_AUTH_REFRESH_COOKIE_PATH`); unless set, the folder that
    /// `token_refresh` and `token_blacklist` of `[urls]` share.
    pub refresh_path: Option<String>,
}

impl Default for JwtCookieSettings {
    fn default() -> Self {
        Self {
            refresh_name: None,
            access_name: None,
            secure: true,
            samesite: SameSite::Lax,
            domain: None,
            path: "/".to_owned(),
            refresh_path: None,
        }
    }
}
