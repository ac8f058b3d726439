//! `[jwt.cookie]`: cookies that browsers accept.

use doorward_core::settings::validate::cookie::Cookie;
use doorward_core::settings::{Findings, JwtCookieSettings, Settings};

use crate::jwt::cookies::refresh_path;

/// Cookies for tokens: none, the refresh token's, or both.
pub(in crate::jwt) fn check(settings: &Settings, found: &mut Findings) {
    let cookie = &settings.jwt.cookie;
    let Some(refresh) = cookie.refresh_name.as_deref() else {
        return found.require(cookie.access_name.is_none(), "jwt.cookie.access_name", || {
            "the access token alone would travel in a cookie, and scripts could read the refresh token, which is worth \
             more; name `jwt.cookie.refresh_name` too"
                .to_owned()
        });
    };
    let path = refresh_path(settings);
    one(cookie, ("refresh_name", refresh), ("refresh_path", &path)).check(found);
    if let Some(access) = cookie.access_name.as_deref() {
        one(cookie, ("access_name", access), ("path", &cookie.path)).check(found);
    }
}

/// A cookie by its name and its path, each with its key.
fn one<'s>(
    settings: &'s JwtCookieSettings,
    (name_key, name): (&'static str, &'s str),
    (path_key, path): (&'static str, &'s str),
) -> Cookie<'s> {
    Cookie {
        keys: "jwt.cookie.",
        name_key,
        path_key,
        name,
        secure: settings.secure,
        samesite: settings.samesite,
        domain: settings.domain.as_deref(),
        path,
    }
}
