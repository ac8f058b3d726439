//! `[session]`, `[csrf]` and `[jwt.cookie]`: cookies that browsers accept, and whose names differ.

use crate::lockout::DEVICE_COOKIE;
use crate::settings::header::header_name;
use crate::settings::origin::is_host_name;
use crate::settings::validate::is_token;
use crate::settings::{Findings, SameSite, Settings};
use crate::tokens::cookies::refresh_path;

/// The longest name of a cookie, and the longest of its attributes: past 4096 and 1024 bytes browsers drop cookies
/// (RFC 6265bis §5.7), and the value wants its share.
const LONGEST_NAME: usize = 256;
const LONGEST_ATTRIBUTE: usize = 1_024;

pub(super) fn check(settings: &Settings, found: &mut Findings) {
    session(settings).check(found);
    csrf(settings).check(found);
    tokens(settings, found);
    names_differ(settings, found);
    let header = &settings.csrf.header_name;
    found.require(header_name(header).is_some(), "csrf.header_name", || {
        format!("`{}` is no header, such as X-CSRFToken", header.escape_debug())
    });
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

fn names_differ(settings: &Settings, found: &mut Findings) {
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
            found.require(false, key, || format!("`{other}` has that name too"));
        }
        taken.push((key, name));
    }
}

/// What all cookies have in common.
struct Cookie<'s> {
    /// What its keys begin with, and how two of them go on.
    keys: &'static str,
    name_key: &'static str,
    path_key: &'static str,
    name: &'s str,
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
        secure: csrf.cookie_secure,
        samesite: csrf.cookie_samesite,
        domain: csrf.cookie_domain.as_deref(),
        path: &csrf.cookie_path,
    }
}

impl Cookie<'_> {
    fn check(&self, found: &mut Findings) {
        self.check_name(found);
        let domain = self.domain.unwrap_or_default();
        found.require(is_domain(domain), &self.key("domain"), || {
            let domain = domain.escape_debug();
            format!("`{domain}` is no domain, such as `example.com`; other letters as Punycode")
        });
        let is_path = self.path.starts_with('/') && is_attribute(self.path);
        found.require(is_path, &self.key(self.path_key), || {
            format!("`{}` is no path; it starts with `/`", self.path.escape_debug())
        });
        let alone = self.samesite == SameSite::None && !self.secure;
        found.require(!alone, &self.key("samesite"), || {
            format!("browsers take `None` only with `{} = true`", self.key("secure"))
        });
    }

    /// The prefixes are those of RFC 6265bis §4.1.3; browsers know them in any case.
    fn check_name(&self, found: &mut Findings) {
        let (key, name) = (self.key(self.name_key), self.name);
        found.require(is_token(name) && name.len() <= LONGEST_NAME, &key, || {
            let name: String = name.chars().take(LONGEST_NAME).collect();
            format!("`{}` is no name of a cookie", name.escape_debug())
        });
        let host = begins(name, "__Host-");
        let wants_secure = host || begins(name, "__Secure-");
        found.require(self.secure || !wants_secure, &key, || {
            format!("browsers take `{name}` only with `{} = true`", self.key("secure"))
        });
        found.require(!host || (self.domain.is_none() && self.path == "/"), &key, || {
            format!(
                "browsers take `{name}` only without a domain, and with `{} = \"/\"`",
                self.key(self.path_key)
            )
        });
    }

    fn key(&self, end: &str) -> String {
        format!("{}{end}", self.keys)
    }
}

fn begins(name: &str, prefix: &str) -> bool {
    let start = name.as_bytes().get(..prefix.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// Whether a text can stand in a cookie's attribute.
fn is_attribute(text: &str) -> bool {
    text.len() <= LONGEST_ATTRIBUTE && text.chars().all(|c| c.is_ascii_graphic() && c != ';' && c != ',')
}

/// Whether a host can be of that domain; browsers ignore its first dot. Without a text there is no attribute.
fn is_domain(text: &str) -> bool {
    text.is_empty() || (is_attribute(text) && is_host_name(text.strip_prefix('.').unwrap_or(text)))
}
