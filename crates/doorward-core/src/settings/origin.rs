//! Origins, as browsers write them.

use std::net::Ipv6Addr;

/// The ports that browsers leave out, by scheme.
const USUAL_PORTS: [(&str, u16); 2] = [("http", 80), ("https", 443)];

/// An origin as the `Origin` header has it (RFC 6454 §6.2): scheme, host and port, in lower case, without the port
/// that the scheme has anyway. A star may stand in the place of a subdomain: `https://*.example.com`.
///
/// # Errors
/// What is wrong with a text that no browser sends, and how it is written.
pub(crate) fn origin(text: &str) -> Result<String, String> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err(format!("it must start with a scheme, such as https://{text}"));
    };
    let (scheme, rest) = (scheme.to_ascii_lowercase(), rest.to_ascii_lowercase());
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (place, path) = rest.split_at(end);
    let Some(place) = place_of(&scheme, place).filter(|_| is_scheme(&scheme)) else {
        let problem = "it is no origin; write scheme, host and port only, such as `https://app.example`, other letters \
                       as Punycode";
        return Err(problem.to_owned());
    };
    let origin = format!("{scheme}://{place}");
    match path.is_empty() {
        true => Ok(origin),
        false => Err(format!("an origin has nothing behind its host; write `{origin}`")),
    }
}

/// Host and port.
fn place_of(scheme: &str, text: &str) -> Option<String> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse::<u16>().ok()?)),
        _ => (text, None),
    };
    let host = host_of(host)?;
    Some(match port {
        Some(port) if !USUAL_PORTS.contains(&(scheme, port)) => format!("{host}:{port}"),
        _ => host,
    })
}

fn host_of(text: &str) -> Option<String> {
    if let Some(address) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let address: Ipv6Addr = address.parse().ok()?;
        return Some(format!("[{address}]"));
    }
    let name = text.strip_prefix("*.").unwrap_or(text);
    is_host_name(name).then(|| text.to_owned())
}

/// Whether a text is a name as requests have it: other letters than ASCII's come as Punycode (RFC 3492).
pub(crate) fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    };
    text.split('.').all(is_label)
}

/// RFC 3986 §3.1.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_one_meaning_is_written_as_browsers_do() {
        for (text, written) in [
            ("https://app.example", "https://app.example"),
            ("HTTPS://App.Example:443", "https://app.example"),
            ("http://app.example:80", "http://app.example"),
            ("https://app.example:80", "https://app.example:80"),
            ("https://app.example:0443", "https://app.example"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://[0:0::1]:8000", "http://[::1]:8000"),
            ("https://*.example.com:8443", "https://*.example.com:8443"),
            ("capacitor://localhost", "capacitor://localhost"),
        ] {
            assert_eq!(origin(text).as_deref(), Ok(written), "{text}");
        }
    }

    #[test]
    fn what_no_browser_sends_is_told_with_the_right_spelling() {
        for (text, says) in [
            ("app.example", "such as https://app.example"),
            ("https://app.example/", "write `https://app.example`"),
            ("https://app.example:443/path", "write `https://app.example`"),
            ("https://app.example?x", "write `https://app.example`"),
            ("https://bücher.example", "Punycode"),
            ("https://*", "no origin"),
            ("https://app*.example", "no origin"),
            ("https://u:pw@app.example", "no origin"),
            ("https://app.example:port", "no origin"),
            ("https://app..example", "no origin"),
            ("https://app.example.", "no origin"),
            ("https://[::1", "no origin"),
            ("https://", "no origin"),
            ("1https://a.example", "no origin"),
        ] {
            let problem = origin(text).expect_err(text);
            assert!(problem.contains(says), "{text}: {problem}");
        }
    }
}
