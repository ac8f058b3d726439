//! [`Cookie`]: whether browsers accept a cookie.

use super::{Findings, is_token};
use crate::settings::SameSite;
use crate::settings::origin::is_host_name;

/// The longest name of a cookie, and the longest of its attributes: past 4096 and 1024 bytes browsers drop cookies
/// (RFC 6265bis §5.7), and the value wants its share.
const LONGEST_NAME: usize = 256;
const LONGEST_ATTRIBUTE: usize = 1_024;

/// What all cookies have in common, as a section of the settings has it.
#[derive(Clone, Copy, Debug)]
pub struct Cookie<'s> {
    /// What its keys begin with, such as `session.cookie_`.
    pub keys: &'static str,
    /// How the key of its name goes on.
    pub name_key: &'static str,
    /// How the key of its path goes on.
    pub path_key: &'static str,
    /// Its name.
    pub name: &'s str,
    /// Whether it goes over HTTPS only.
    pub secure: bool,
    /// Which sites' requests carry it.
    pub samesite: SameSite,
    /// Which hosts get it; only the one that set it where there is none.
    pub domain: Option<&'s str>,
    /// The paths that get it begin so.
    pub path: &'s str,
}

impl Cookie<'_> {
    /// Refuses what browsers would drop.
    pub fn check(&self, found: &mut Findings) {
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
