//! [`URLField`]: addresses of the web (`rest_framework.fields.URLField`, `django.core.validators.URLValidator`).

use std::net::Ipv6Addr;
use std::sync::LazyLock;

use regex::Regex;

use super::format::{TextFormat, TextOf};
use crate::serializers::{ErrorDetail, FieldContext, TypedField};

/// An address with `http`, `https`, `ftp` or `ftps`.
pub type URLField = TypedField<TextOf<Url>>;

/// The form of a [`URLField`].
#[derive(Clone, Copy, Debug)]
pub struct Url;

impl URLField {
    /// An address of at most 2048 characters.
    #[must_use]
    pub fn new() -> Self {
        Self::of_format(Url)
    }
}

impl Default for URLField {
    fn default() -> Self {
        Self::new()
    }
}

impl TextFormat for Url {
    const TYPE_NAME: &'static str = "url";
    const INVALID: &'static str = "Enter a valid URL.";

    fn check(&self, text: &str, cx: &FieldContext<'_>) -> Option<ErrorDetail> {
        (!is_url(text)).then(|| cx.detail("invalid", Self::INVALID, &[]))
    }
}

/// `django.utils.http.MAX_URL_LENGTH`
const MAX_LENGTH: usize = 2048;
const SCHEMES: [&str; 4] = ["http", "https", "ftp", "ftps"];
/// RFC 1034 §3.1.
const MAX_HOST: usize = 253;
/// `django.utils.ipv6.MAX_IPV6_ADDRESS_LENGTH`
const MAX_IPV6: usize = 39;

/// Django's pattern, whose looking ahead and back is written out: no label begins or ends with a hyphen.
static URL: LazyLock<Regex> = LazyLock::new(|| {
    let letter = "a-z\u{a1}-\u{ffff}";
    let octet = "(?:0|25[0-5]|2[0-4][0-9]|1[0-9]?[0-9]?|[1-9][0-9]?)";
    let label = format!("[{letter}0-9](?:[{letter}0-9-]{{0,61}}[{letter}0-9])?");
    let top = format!("(?:[{letter}][{letter}-]{{0,61}}[{letter}]|xn--(?:[a-z0-9]{{1,59}}))");
    let host = format!("(?:{label}(?:\\.{label})*\\.{top}\\.?|localhost)");
    let space = "\\s\\x1c-\\x1f";
    let pattern = format!(
        "(?i)^[a-z0-9.+-]*://(?:[^{space}:@/]+(?::[^{space}:@/]*)?@)?\
         (?:{octet}(?:\\.{octet}){{3}}|\\[[0-9a-f:.]+\\]|{host})(?::[0-9]{{1,5}})?(?:[/?#][^{space}]*)?\\z"
    );
    Regex::new(&pattern).expect("the pattern is a constant")
});

fn is_url(text: &str) -> bool {
    let scheme = text.split("://").next().unwrap_or_default().to_lowercase();
    let is_short = text.chars().nth(MAX_LENGTH).is_none();
    let is_safe = !text.contains(['\t', '\r', '\n']);
    is_short && is_safe && SCHEMES.contains(&&*scheme) && URL.is_match(text) && is_host(host(text))
}

/// The host and port of an address, without the user.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let place = rest.split(['/', '?', '#']).next().unwrap_or_default();
    place.rsplit_once('@').map_or(place, |(_, host)| host)
}

fn is_host(host: &str) -> bool {
    match host.strip_prefix('[') {
        Some(rest) => {
            let address = rest.split(']').next().unwrap_or_default();
            address.len() <= MAX_IPV6 && address.parse::<Ipv6Addr>().is_ok()
        }
        None => host.split(':').next().unwrap_or_default().chars().count() <= MAX_HOST,
    }
}
