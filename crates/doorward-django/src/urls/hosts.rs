/// What `ALLOWED_HOSTS` means where it is empty and `DEBUG` is on.
pub const DEBUG_ALLOWED_HOSTS: [&str; 3] = [".localhost", "127.0.0.1", "[::1]"];

/// A `Host` header that was found valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostAndPort {
    /// The name in lower case without a last dot; an IPv6 address is in brackets.
    pub domain: String,
    /// The digits after the colon, empty where there are none.
    pub port: String,
}

/// A `Host` header that this site does not answer to.
///
/// Its text is the one of Django's `DisallowedHost`; the host in it is the client's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DisallowedHost {
    /// The host is no domain name or address.
    #[error(
        "Invalid HTTP_HOST header: '{}'. The domain name provided is not valid according to RFC 1034/1035.",
        .host.escape_debug()
    )]
    Malformed {
        /// The header.
        host: String,
    },
    /// The host is none of the allowed ones.
    #[error(
        "Invalid HTTP_HOST header: '{}'. You may need to add '{}' to ALLOWED_HOSTS.",
        .host.escape_debug(),
        .domain.escape_debug()
    )]
    NotAllowed {
        /// The header.
        host: String,
        /// The domain in it.
        domain: String,
    },
}

/// The domain and port of a `Host` header, if `allowed_hosts` has the domain (`HttpRequest.get_host`).
///
/// ```
/// use doorward_django::urls::validate_host;
///
/// assert!(validate_host("api.example.com:8000", &[".example.com"]).is_ok());
/// assert!(validate_host("example.org", &[".example.com"]).is_err());
/// ```
///
/// # Errors
///
/// [`DisallowedHost`] where the host is malformed, or no pattern matches its domain.
pub fn validate_host(host: &str, allowed_hosts: &[impl AsRef<str>]) -> Result<HostAndPort, DisallowedHost> {
    let Some(parsed) = split_domain_port(host) else {
        return Err(DisallowedHost::Malformed {
            host: host.to_owned(),
        });
    };
    let matches = |pattern: &str| pattern == "*" || is_same_domain(&parsed.domain, pattern);
    if !allowed_hosts.iter().any(|pattern| matches(pattern.as_ref())) {
        return Err(DisallowedHost::NotAllowed {
            host: host.to_owned(),
            domain: parsed.domain,
        });
    }
    Ok(parsed)
}

/// The domain and port of a `Host` header, `None` where it is malformed
/// (`django.http.request.split_domain_port`).
#[must_use]
pub fn split_domain_port(host: &str) -> Option<HostAndPort> {
    let host = host.to_lowercase();
    let (domain, port) = split_port(&host);
    let port = match port {
        None => "",
        Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => digits,
        Some(_) => return None,
    };
    let name = domain.strip_suffix('.').unwrap_or(domain);
    let valid = is_domain_name(domain) || is_ipv6(domain);
    (valid && !name.is_empty()).then(|| HostAndPort {
        domain: name.to_owned(),
        port: port.to_owned(),
    })
}

/// Whether `host`, in lower case, is `pattern`, or, where that begins with a dot, its domain or a
/// subdomain of it (`django.utils.http.is_same_domain`).
#[must_use]
pub fn is_same_domain(host: &str, pattern: &str) -> bool {
    let pattern = pattern.to_lowercase();
    match pattern.strip_prefix('.') {
        Some(domain) => host.ends_with(&pattern) || host == domain,
        None => !pattern.is_empty() && host == pattern,
    }
}

/// Cuts at the colon after the name, or after the bracket.
fn split_port(host: &str) -> (&str, Option<&str>) {
    let name_end = host.rfind(']').unwrap_or(0);
    match host.get(name_end..).and_then(|rest| rest.find(':')) {
        Some(colon) => {
            let (domain, port) = host.split_at_checked(name_end + colon).unwrap_or((host, ""));
            (domain, port.strip_prefix(':'))
        }
        None => (host, None),
    }
}

fn is_domain_name(domain: &str) -> bool {
    !domain.is_empty()
        && domain
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
}

/// The shape that Django asks of an address in brackets; not every such text is one.
fn is_ipv6(domain: &str) -> bool {
    let address = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let Some((head, tail)) = address.and_then(|address| address.split_once(':')) else {
        return false;
    };
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    !tail.is_empty()
        && head.bytes().all(is_hex)
        && tail.bytes().all(|byte| is_hex(byte) || b".:".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;
    use crate::golden::json;
    use proptest::prelude::*;

    #[test]
    fn hosts_are_django_s() {
        for case in golden::cases("hosts") {
            let host = case["host"].as_str().unwrap();
            let split =
                split_domain_port(host).map_or(json!(["", ""]), |host| json!([host.domain, host.port]));
            assert_eq!(split, case["split"], "{case}");
            let allowed = validate_host(host, &golden::texts(&case["allowed"]));
            assert_eq!(allowed.is_ok(), case["ok"] == true, "{case}");
        }
        for case in golden::formats("hosts").as_array().unwrap() {
            let split = split_domain_port(case["host"].as_str().unwrap());
            let domain = split.map(|host| host.domain).unwrap_or_default();
            assert_eq!(domain, case["split"][0], "{case}");
        }
    }

    #[test]
    fn refusals_say_what_to_do() {
        let refusal = |host| validate_host(host, &["good.com"]).unwrap_err().to_string();
        assert_eq!(
            refusal("Evil.com:80"),
            "Invalid HTTP_HOST header: 'Evil.com:80'. You may need to add 'evil.com' to ALLOWED_HOSTS."
        );
        assert_eq!(
            refusal("evil_com"),
            "Invalid HTTP_HOST header: 'evil_com'. The domain name provided is not valid according to RFC \
             1034/1035."
        );
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text: String, near in "\\[?[a-z0-9.:]*\\]?[a-z0-9.:\\[\\]]*") {
            let _ = validate_host(&text, &["good.com"]);
            let _ = validate_host(&near, &[".good.com"]);
        }
    }
}
