use std::net::Ipv6Addr;

use unicode_normalization::UnicodeNormalization;

use crate::bounds::MAX_NETLOC;

/// An address cut into its parts as `urllib.parse.urlsplit` cuts it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SplitUrl {
    /// In lower case; empty where there is none.
    pub(crate) scheme: String,
    /// Host, port and credentials as they stand; empty where there are none.
    pub(crate) netloc: String,
    path: String,
    query: String,
    fragment: String,
}

impl SplitUrl {
    /// `None` where `urlsplit` raises `ValueError`: bad brackets, or a host that turns into another address
    /// when it is normalized.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let url = url
            .trim_start_matches(|character| character <= ' ')
            .replace(['\t', '\r', '\n'], "");
        let (scheme, rest) = split_scheme(&url);
        let (netloc, rest) = split_netloc(rest);
        if !brackets_are_sound(netloc) || !stays_a_netloc(netloc) {
            return None;
        }
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let [netloc, path, query, fragment] = [netloc, path, query, fragment].map(str::to_owned);
        Some(Self {
            scheme,
            netloc,
            path,
            query,
            fragment,
        })
    }

    /// The parts put together again (`SplitResult.geturl`), for an address that has scheme and host.
    pub(crate) fn to_url(&self) -> String {
        let mut url = format!("{}://{}{}", self.scheme, self.netloc, self.path);
        for (mark, part) in [('?', &self.query), ('#', &self.fragment)] {
            if !part.is_empty() {
                url.push(mark);
                url.push_str(part);
            }
        }
        url
    }
}

fn split_scheme(url: &str) -> (String, &str) {
    let is_scheme = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    match url.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
        _ => (String::new(), url),
    }
}

fn split_netloc(rest: &str) -> (&str, &str) {
    let Some(authority) = rest.strip_prefix("//") else {
        return ("", rest);
    };
    let end = authority.find(['/', '?', '#']).unwrap_or(authority.len());
    authority.split_at_checked(end).unwrap_or((authority, ""))
}

fn brackets_are_sound(netloc: &str) -> bool {
    if !netloc.contains(['[', ']']) {
        return true;
    }
    let Some((_, after)) = netloc.split_once('[') else {
        return false;
    };
    netloc.contains(']') && is_bracketed_host(after.split_once(']').map_or(after, |(host, _)| host))
}

/// `urllib.parse._check_bracketed_host`: an IPv6 address, with a zone perhaps, or RFC 3986's IPvFuture.
fn is_bracketed_host(host: &str) -> bool {
    if let Some(future) = host.strip_prefix('v') {
        return future.split_once('.').is_some_and(|(version, address)| {
            !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_hexdigit()) && !address.is_empty()
        });
    }
    let (address, zone) = host.split_once('%').unwrap_or((host, "0"));
    !zone.is_empty() && !zone.contains('%') && address.parse::<Ipv6Addr>().is_ok()
}

/// `urllib.parse._checknetloc`: characters such as `℀`, which normalize to text with a delimiter, are refused. So is
/// what is too long to be normalized.
fn stays_a_netloc(netloc: &str) -> bool {
    if netloc.is_ascii() {
        return true;
    }
    if netloc.len() > MAX_NETLOC {
        return false;
    }
    let visible = netloc.replace(['@', ':', '#', '?'], "");
    let normalized: String = visible.nfkc().collect();
    normalized == visible || !normalized.contains(['/', '?', '#', '@', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_host_is_normalized_up_to_a_length() {
        let host = |count| format!("https://{}.example/", "\u{fdfa}".repeat(count));
        assert!(SplitUrl::parse(&host(300)).is_some());
        assert!(SplitUrl::parse(&host(400)).is_none());
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text: String) {
            let _ = SplitUrl::parse(&text).map(|parsed| parsed.to_url());
        }

        #[test]
        fn an_address_reads_back(url in "https://[a-z.:]{1,9}(/[a-z/]*)?(\\?[a-z?]+)?(#[a-z#?]+)?") {
            prop_assert_eq!(SplitUrl::parse(&url).unwrap().to_url(), url);
        }
    }
}
