//! `[session]`, `[csrf]` and `[jwt.cookie]`: cookies that browsers accept, and origins that are some.

use super::{Checked, Settings, is_token, require};
use crate::lockout::DEVICE_COOKIE;
use crate::settings::{Period, SameSite};
use crate::tokens::cookies::refresh_path;

pub(super) fn check(settings: &Settings) -> Checked {
    session(settings).check()?;
    csrf(settings).check()?;
    tokens(settings)?;
    names_differ(settings)?;
    require(
        settings.csrf.header_name.starts_with("HTTP_"),
        "csrf.header_name",
        || {
            let name = &settings.csrf.header_name;
            format!("`{name}` is no header in WSGI's spelling, such as HTTP_X_CSRFTOKEN")
        },
    )?;
    let origins = &settings.csrf.trusted_origins;
    origins.iter().try_for_each(|origin| {
        // `django.core.checks.compatibility.django_4_0.E001`
        require(origin.contains("://"), "csrf.trusted_origins", || {
            format!("`{origin}` must start with a scheme, such as https://{origin}")
        })
    })
}

/// Cookies for tokens: none, the refresh token's, or both.
fn tokens(settings: &Settings) -> Checked {
    let cookie = &settings.jwt.cookie;
    let Some(refresh) = cookie.refresh_name.as_deref() else {
        let problem = || {
            "the access token alone would travel in a cookie, and scripts could read the refresh token, which is worth \
             more; name `jwt.cookie.refresh_name` too"
                .to_owned()
        };
        return require(cookie.access_name.is_none(), "jwt.cookie.access_name", problem);
    };
    let path = refresh_path(settings);
    token(settings, "refresh_name", refresh, "refresh_path", &path).check()?;
    match cookie.access_name.as_deref() {
        Some(access) => token(settings, "access_name", access, "path", &cookie.path).check(),
        None => Ok(()),
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
        age: None,
        secure: cookie.secure,
        samesite: cookie.samesite,
        domain: cookie.domain.as_deref(),
        path,
    }
}

fn names_differ(settings: &Settings) -> Checked {
    let cookie = &settings.jwt.cookie;
    let names = [
        ("session.cookie_name", Some(&settings.session.cookie_name)),
        ("csrf.cookie_name", Some(&settings.csrf.cookie_name)),
        ("jwt.cookie.refresh_name", cookie.refresh_name.as_ref()),
        ("jwt.cookie.access_name", cookie.access_name.as_ref()),
    ];
    let mut taken = vec![("lockout", DEVICE_COOKIE)];
    for (key, name) in names {
        let Some(name) = name.map(String::as_str) else {
            continue;
        };
        if let Some((other, _)) = taken.iter().find(|(_, taken)| *taken == name) {
            return require(false, key, || format!("`{other}` has that name too"));
        }
        taken.push((key, name));
    }
    Ok(())
}

/// What all cookies have in common.
struct Cookie<'s> {
    /// What its keys begin with, and how two of them go on.
    keys: &'static str,
    name_key: &'static str,
    path_key: &'static str,
    name: &'s str,
    /// `None` where it lasts as long as what it carries.
    age: Option<Period>,
    secure: bool,
    samesite: SameSite,
    domain: Option<&'s str>,
    path: &'s str,
}

fn session(settings: &Settings) -> Cookie<'_> {
    let session = &settings.session;
    Cookie {
        keys: "session.cookie_",
        name_key: "name",
        path_key: "path",
        name: &session.cookie_name,
        age: Some(session.cookie_age),
        secure: session.cookie_secure,
        samesite: session.cookie_samesite,
        domain: session.cookie_domain.as_deref(),
        path: &session.cookie_path,
    }
}

fn csrf(settings: &Settings) -> Cookie<'_> {
    let csrf = &settings.csrf;
    Cookie {
        keys: "csrf.cookie_",
        name_key: "name",
        path_key: "path",
        name: &csrf.cookie_name,
        age: Some(csrf.cookie_age),
        secure: csrf.cookie_secure,
        samesite: csrf.cookie_samesite,
        domain: csrf.cookie_domain.as_deref(),
        path: &csrf.cookie_path,
    }
}

impl Cookie<'_> {
    fn check(&self) -> Checked {
        self.check_name()?;
        let domain = self.domain.unwrap_or_default();
        require(is_attribute(domain), &self.key("domain"), || {
            format!("`{}` is no domain", domain.escape_debug())
        })?;
        let is_path = self.path.starts_with('/') && is_attribute(self.path);
        require(is_path, &self.key(self.path_key), || {
            format!("`{}` is no path; it starts with `/`", self.path.escape_debug())
        })?;
        if let Some(age) = self.age {
            require(!age.duration().is_zero(), &self.key("age"), || {
                format!("{age} would end every cookie at once")
            })?;
        }
        let alone = self.samesite == SameSite::None && !self.secure;
        require(!alone, &self.key("samesite"), || {
            format!("browsers take `None` only with `{} = true`", self.key("secure"))
        })
    }

    /// The prefixes are those of RFC 6265bis §4.1.3.
    fn check_name(&self) -> Checked {
        let (key, name) = (self.key(self.name_key), self.name);
        require(is_token(name), &key, || {
            format!("`{}` is no name of a cookie", name.escape_debug())
        })?;
        let host = name.starts_with("__Host-");
        let wants_secure = host || name.starts_with("__Secure-");
        require(self.secure || !wants_secure, &key, || {
            format!("browsers take `{name}` only with `{} = true`", self.key("secure"))
        })?;
        require(!host || (self.domain.is_none() && self.path == "/"), &key, || {
            format!(
                "browsers take `{name}` only without a domain, and with `{} = \"/\"`",
                self.key(self.path_key)
            )
        })
    }

    fn key(&self, end: &str) -> String {
        format!("{}{end}", self.keys)
    }
}

/// Whether a text can stand in a cookie's attribute.
fn is_attribute(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_graphic() && c != ';' && c != ',')
}
