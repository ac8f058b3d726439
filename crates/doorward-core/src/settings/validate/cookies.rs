//! `[session]` and `[csrf]`: cookies that browsers accept, and origins that are some.

use super::{Checked, Settings, is_token, require};
use crate::settings::{Period, SameSite};

pub(super) fn check(settings: &Settings) -> Checked {
    session(settings).check("session")?;
    csrf(settings).check("csrf")?;
    require(
        settings.csrf.cookie_name != settings.session.cookie_name,
        "csrf.cookie_name",
        || "the session cookie has that name".to_owned(),
    )?;
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

/// What session and CSRF cookies have in common.
struct Cookie<'s> {
    name: &'s str,
    age: Period,
    secure: bool,
    samesite: SameSite,
    domain: Option<&'s str>,
    path: &'s str,
}

fn session(settings: &Settings) -> Cookie<'_> {
    let session = &settings.session;
    Cookie {
        name: &session.cookie_name,
        age: session.cookie_age,
        secure: session.cookie_secure,
        samesite: session.cookie_samesite,
        domain: session.cookie_domain.as_deref(),
        path: &session.cookie_path,
    }
}

fn csrf(settings: &Settings) -> Cookie<'_> {
    let csrf = &settings.csrf;
    Cookie {
        name: &csrf.cookie_name,
        age: csrf.cookie_age,
        secure: csrf.cookie_secure,
        samesite: csrf.cookie_samesite,
        domain: csrf.cookie_domain.as_deref(),
        path: &csrf.cookie_path,
    }
}

impl Cookie<'_> {
    fn check(&self, section: &str) -> Checked {
        self.check_name(section)?;
        let Self { domain, path, .. } = self;
        let domain = domain.unwrap_or_default();
        require(is_attribute(domain), &format!("{section}.cookie_domain"), || {
            format!("`{}` is no domain", domain.escape_debug())
        })?;
        require(
            path.starts_with('/') && is_attribute(path),
            &format!("{section}.cookie_path"),
            || format!("`{}` is no path; it starts with `/`", path.escape_debug()),
        )?;
        require(
            !self.age.duration().is_zero(),
            &format!("{section}.cookie_age"),
            || format!("{} would end every cookie at once", self.age),
        )?;
        let alone = self.samesite == SameSite::None && !self.secure;
        require(!alone, &format!("{section}.cookie_samesite"), || {
            format!("browsers take `None` only with `{section}.cookie_secure = true`")
        })
    }

    /// The prefixes are those of RFC 6265bis §4.1.3.
    fn check_name(&self, section: &str) -> Checked {
        let key = format!("{section}.cookie_name");
        require(is_token(self.name), &key, || {
            format!("`{}` is no name of a cookie", self.name.escape_debug())
        })?;
        let host = self.name.starts_with("__Host-");
        require(
            self.secure || !(host || self.name.starts_with("__Secure-")),
            &key,
            || {
                format!(
                    "browsers take `{}` only with `{section}.cookie_secure = true`",
                    self.name
                )
            },
        )?;
        require(!host || (self.domain.is_none() && self.path == "/"), &key, || {
            format!(
                "browsers take `{}` only without a domain, and with the path `/`",
                self.name
            )
        })
    }
}

/// Whether a text can stand in a cookie's attribute.
fn is_attribute(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_graphic() && c != ';' && c != ',')
}
