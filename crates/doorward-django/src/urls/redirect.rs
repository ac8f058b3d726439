use super::SplitUrl;
use crate::bounds;
use crate::python_text::is_space;

/// Whether plain HTTP is safe enough to be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequireHttps {
    /// `http` and `https` are both accepted.
    No,
    /// Only `https` is: the request came in over it.
    Yes,
}

/// Whether it is safe to send a browser to `url`: within `allowed_hosts`, and no scheme but HTTP.
///
/// For the `next` of a login. Where the first character is neither ASCII, a letter nor a digit, the answer
/// is no; Django refuses only control and unassigned characters there.
/// Source: `django.utils.http.url_has_allowed_host_and_scheme`.
///
/// ```
/// use doorward_django::urls::{RequireHttps, url_has_allowed_host_and_scheme};
///
/// let is_safe = |url| url_has_allowed_host_and_scheme(url, &["good.com"], RequireHttps::No);
/// assert!(is_safe("/profile/"));
/// assert!(!is_safe("//evil.com"));
/// ```
#[must_use]
pub fn url_has_allowed_host_and_scheme(
    url: &str,
    allowed_hosts: &[impl AsRef<str>],
    require_https: RequireHttps,
) -> bool {
    let url = url.trim_matches(is_space);
    // Browsers read a backslash as a slash in paths, but not in credentials: both readings must be safe.
    is_safe(url, allowed_hosts, require_https)
        && is_safe(&url.replace('\\', "/"), allowed_hosts, require_https)
}

fn is_safe(url: &str, allowed_hosts: &[impl AsRef<str>], require_https: RequireHttps) -> bool {
    let Some(first) = url.chars().next() else {
        return false;
    };
    if url.starts_with("///") || !bounds::has_at_most(url, bounds::MAX_URL) || !may_begin(first) {
        return false;
    }
    let Some(parsed) = SplitUrl::parse(url) else {
        return false;
    };
    if parsed.netloc.is_empty() {
        return parsed.scheme.is_empty();
    }
    let host_is_allowed = allowed_hosts.iter().any(|host| host.as_ref() == parsed.netloc);
    host_is_allowed && scheme_is_allowed(&parsed.scheme, require_https)
}

/// An address with a host but no scheme counts as `http`.
fn scheme_is_allowed(scheme: &str, require_https: RequireHttps) -> bool {
    match scheme {
        "https" => true,
        "http" | "" => require_https == RequireHttps::No,
        _ => false,
    }
}

/// Browsers skip control characters before an address, and might find a host behind them.
fn may_begin(first: char) -> bool {
    matches!(first, ' '..='~') || (!first.is_ascii() && first.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;
    use proptest::prelude::*;

    fn is_allowed(url: &str, hosts: &[&str], require_https: bool) -> bool {
        let require_https = if require_https {
            RequireHttps::Yes
        } else {
            RequireHttps::No
        };
        url_has_allowed_host_and_scheme(url, hosts, require_https)
    }

    #[test]
    fn verdicts_are_django_s() {
        for case in golden::cases("safe_urls") {
            let url = case["url"].as_str().unwrap();
            let allowed = is_allowed(
                url,
                &golden::texts(&case["allowed"]),
                case["require_https"] == true,
            );
            assert_eq!(allowed, case["ok"] == true, "{case}");
        }
        for case in golden::formats("safe_next").as_array().unwrap() {
            let url = case["url"].as_str().unwrap();
            let hosts = [case["host"].as_str().unwrap()];
            assert_eq!(
                is_allowed(url, &hosts, case["require_https"] == true),
                case["ok"] == true,
                "{case}"
            );
        }
    }

    #[test]
    fn length_counts_characters() {
        for character in ["x", "é"] {
            assert!(is_allowed(&format!("/{}", character.repeat(2047)), &[], false));
            assert!(!is_allowed(&format!("/{}", character.repeat(2048)), &[], false));
        }
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text: String) {
            let _ = is_allowed(&text, &["good.com"], false);
        }

        #[test]
        fn no_other_host_gets_through(url in "[ \\t\\n]{0,2}(https?:)?[/\\\\]{2,5}(good\\.com@|good\\.com\\.)?evil\\.com") {
            prop_assert!(!is_allowed(&url, &["good.com"], false), "{}", url);
        }
    }
}
