use super::source::good_referer;
use super::{CsrfSource, RejectReason};
use crate::urls::{Scheme, SplitUrl, is_same_domain};

/// Checks that no page of another site sent a request, as far as its browser tells: for what no token protects, such as
/// a login, the opening of a WebSocket, or a credential that browsers send by themselves.
///
/// `fetch_site` is the header `Sec-Fetch-Site` (W3C Fetch Metadata §2.4), which no page can write. Where it says
/// `same-origin` or `none` nothing else is asked, so that a proxy may speak TLS for this site. Else the Origin decides;
/// where there is none the Referer, over plain HTTP too. `is_trusted` is asked for origins such as `https://app.example`.
/// Who tells nothing at all is no browser.
///
/// # Errors
///
/// The [`RejectReason`] that Django would tell, or [`RejectReason::CrossSite`].
pub fn check_page(
    source: &CsrfSource<'_>,
    fetch_site: Option<&str>,
    is_trusted: impl Fn(&str) -> bool,
) -> Result<(), RejectReason> {
    let word = FetchSite::of(fetch_site);
    match (word, source.origin, source.referer) {
        (FetchSite::Ours, ..) | (FetchSite::Untold, None, None) => Ok(()),
        (FetchSite::Foreign, None, None) => Err(RejectReason::CrossSite),
        (word, Some(origin), _) => {
            let is_own = word == FetchSite::Untold && source.is_own(origin);
            match is_own || is_trusted(origin) {
                true => Ok(()),
                false => Err(RejectReason::BadOrigin(origin.to_owned())),
            }
        }
        (word, None, Some(referer)) => {
            let page = address(referer, source.scheme)?;
            let is_own = word == FetchSite::Untold && is_own(&page, source);
            match is_own || is_trusted(&format!("{}://{}", page.scheme, page.netloc)) {
                true => Ok(()),
                false => Err(RejectReason::BadReferer(page.to_url())),
            }
        }
    }
}

/// What `Sec-Fetch-Site` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FetchSite {
    /// A page of this origin, or the user without any page.
    Ours,
    /// Another site, or another host of this one.
    Foreign,
    /// Nothing: no browser, an old one, or plain HTTP.
    Untold,
}

impl FetchSite {
    fn of(header: Option<&str>) -> Self {
        match header {
            Some("same-origin" | "none") => Self::Ours,
            None | Some("") => Self::Untold,
            Some(_) => Self::Foreign,
        }
    }
}

/// The page of a Referer, which is secure where the request is (`CsrfViewMiddleware._check_referer`).
fn address(referer: &str, scheme: Scheme) -> Result<SplitUrl, RejectReason> {
    let page = SplitUrl::parse(referer)
        .filter(|page| !page.scheme.is_empty() && !page.netloc.is_empty())
        .ok_or(RejectReason::MalformedReferer)?;
    match scheme == Scheme::Https && page.scheme != "https" {
        true => Err(RejectReason::InsecureReferer),
        false => Ok(page),
    }
}

fn is_own(page: &SplitUrl, source: &CsrfSource<'_>) -> bool {
    good_referer(source).is_some_and(|good| is_same_domain(&page.netloc, &good))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OWN: CsrfSource<'static> = CsrfSource {
        origin: None,
        referer: None,
        scheme: Scheme::Https,
        host: Some("shop.example"),
        server_port: 443,
        cookie_domain: None,
    };

    fn check(source: CsrfSource<'_>, fetch_site: Option<&str>) -> Result<(), RejectReason> {
        check_page(&source, fetch_site, |origin| origin == "https://app.example")
    }

    #[test]
    fn the_browser_s_own_word_comes_first() {
        for fetch_site in ["same-origin", "none"] {
            let origin = Some("https://behind-a-proxy.example");
            assert_eq!(check(CsrfSource { origin, ..OWN }, Some(fetch_site)), Ok(()));
        }
        for fetch_site in [
            "cross-site",
            "same-site",
            "same-origin, cross-site",
            "SAME-ORIGIN",
            "?",
        ] {
            assert_eq!(check(OWN, Some(fetch_site)), Err(RejectReason::CrossSite));
            let origin = Some("https://shop.example");
            check(CsrfSource { origin, ..OWN }, Some(fetch_site)).unwrap_err();
            let origin = Some("https://app.example");
            assert_eq!(check(CsrfSource { origin, ..OWN }, Some(fetch_site)), Ok(()));
        }
        assert_eq!(check(OWN, Some("")), Ok(()), "that says nothing");
    }

    #[test]
    fn else_the_origin_decides_and_then_the_referer() {
        for (origin, referer, is_good) in [
            (None, None, true),
            (Some("https://shop.example"), Some("https://evil.example/"), true),
            (Some("https://app.example"), None, true),
            (Some("http://shop.example"), Some("https://shop.example/"), false),
            (Some("null"), Some("https://shop.example/"), false),
            (Some(""), None, false),
            (None, Some("https://shop.example/a?b"), true),
            (None, Some("https://app.example/a"), true),
            (None, Some("https://shop.example.evil.example/"), false),
            (None, Some("https://shop.example@evil.example/"), false),
            (None, Some("http://shop.example/"), false),
            (None, Some("shop.example"), false),
        ] {
            let source = CsrfSource {
                origin,
                referer,
                ..OWN
            };
            assert_eq!(check(source, None).is_ok(), is_good, "{origin:?} {referer:?}");
        }
    }

    #[test]
    fn over_plain_http_the_referer_counts_too() {
        let source = CsrfSource {
            scheme: Scheme::Http,
            ..OWN
        };
        for (referer, is_good) in [
            ("http://shop.example/", true),
            ("https://shop.example/", true),
            ("http://evil.example/", false),
            ("about:blank", false),
        ] {
            let source = CsrfSource {
                referer: Some(referer),
                ..source
            };
            assert_eq!(check(source, None).is_ok(), is_good, "{referer}");
        }
    }

    proptest! {
        #[test]
        fn no_foreign_page_passes(origin: Option<String>, referer: Option<String>, site: Option<String>) {
            let source = CsrfSource { origin: origin.as_deref(), referer: referer.as_deref(), ..OWN };
            let is_silent = origin.is_none() && referer.is_none() && site.as_deref().is_none_or(str::is_empty);
            prop_assert_eq!(check(source, site.as_deref()).is_ok(), is_silent);
        }
    }
}
