//! `[jwt.cookie]`: cookies that browsers accept, and the names of all cookies, which differ.

use crate::app::NamedCookie;
use crate::settings::validate::cookie::Cookie;
use crate::settings::{Findings, Settings};
use crate::tokens::cookies::refresh_path;

pub(super) fn check(settings: &Settings, found: &mut Findings) {
    tokens(settings, found);
}

/// Cookies for tokens: none, the refresh token's, or both.
fn tokens(settings: &Settings, found: &mut Findings) {
    let cookie = &settings.jwt.cookie;
    let Some(refresh) = cookie.refresh_name.as_deref() else {
        return found.require(cookie.access_name.is_none(), "jwt.cookie.access_name", || {
            "the access token alone would travel in a cookie, and scripts could read the refresh token, which is worth \
             more; name `jwt.cookie.refresh_name` too"
                .to_owned()
        });
    };
    let path = refresh_path(settings);
    token(settings, "refresh_name", refresh, "refresh_path", &path).check(found);
    if let Some(access) = cookie.access_name.as_deref() {
        token(settings, "access_name", access, "path", &cookie.path).check(found);
    }
}

fn token<'s>(
    settings: &'s Settings,
    name_key: &'static str,
    name: &'s str,
    path_key: &'static str,
    path: &'s str,
) -> Cookie<'s> {
    let cookie = &settings.jwt.cookie;
    Cookie {
        keys: "jwt.cookie.",
        name_key,
        path_key,
        name,
        secure: cookie.secure,
        samesite: cookie.samesite,
        domain: cookie.domain.as_deref(),
        path,
    }
}

/// Names that two cookies have. Those of apps stand beside what they are called in a message, and are theirs.
pub(super) fn check_apart(settings: &Settings, of_apps: &[NamedCookie], found: &mut Findings) {
    let cookie = &settings.jwt.cookie;
    let names = [
        ("session.cookie_name", Some(&settings.session.cookie_name)),
        ("csrf.cookie_name", Some(&settings.csrf.cookie_name)),
        ("jwt.cookie.refresh_name", cookie.refresh_name.as_ref()),
        ("jwt.cookie.access_name", cookie.access_name.as_ref()),
    ];
    let mut taken = of_apps.to_vec();
    for (key, name) in names {
        let Some(name) = name.map(String::as_str) else {
            continue;
        };
        if let Some((other, _)) = taken.iter().find(|(_, taken)| *taken == name) {
            found.require(false, key, || format!("`{other}` has that name too"));
        }
        taken.push((key, name));
    }
}
