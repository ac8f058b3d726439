use super::{RejectReason, TrustedOrigins};
use crate::urls::{Scheme, SplitUrl, is_same_domain};

/// What a request says about where it comes from, and where it went.
#[derive(Clone, Copy, Debug)]
pub struct CsrfSource<'request> {
    /// The `Origin` header.
    pub origin: Option<&'request str>,
    /// The `Referer` header.
    pub referer: Option<&'request str>,
    /// How the request came in.
    pub scheme: Scheme,
    /// The `Host` header as it stands, port included; `None` where it is not an allowed one.
    pub host: Option<&'request str>,
    /// The port that the server was reached on; it matters with a cookie domain only.
    pub server_port: u16,
    /// `CSRF_COOKIE_DOMAIN` (`SESSION_COOKIE_DOMAIN` with `CSRF_USE_SESSIONS`).
    pub cookie_domain: Option<&'request str>,
}

impl CsrfSource<'_> {
    /// Whether an Origin is this site.
    pub(super) fn is_own(&self, origin: &str) -> bool {
        let host = origin
            .strip_prefix(self.scheme.as_str())
            .and_then(|rest| rest.strip_prefix("://"));
        self.host.is_some() && self.host == host
    }
}

/// Checks where a request comes from: its Origin, or, without one and over HTTPS, its Referer.
///
/// Source: `CsrfViewMiddleware.process_view`.
///
/// # Errors
///
/// The [`RejectReason`] that Django would tell.
pub fn check_source(source: &CsrfSource<'_>, trusted: &TrustedOrigins) -> Result<(), RejectReason> {
    match (source.origin, source.scheme) {
        (Some(origin), _) => check_origin(origin, source, trusted),
        (None, Scheme::Https) => check_referer(source, trusted),
        (None, Scheme::Http) => Ok(()),
    }
}

/// Checks that `origin` is this site or a trusted one (`CsrfViewMiddleware._origin_verified`).
///
/// # Errors
///
/// [`RejectReason::BadOrigin`].
pub fn check_origin(
    origin: &str,
    source: &CsrfSource<'_>,
    trusted: &TrustedOrigins,
) -> Result<(), RejectReason> {
    if source.is_own(origin) || trusted.has_origin(origin) {
        return Ok(());
    }
    Err(RejectReason::BadOrigin(origin.to_owned()))
}

/// Checks that the Referer of a secure request is this site or a trusted one, and secure itself
/// (`CsrfViewMiddleware._check_referer`).
///
/// # Errors
///
/// The [`RejectReason`] that Django would tell.
pub fn check_referer(source: &CsrfSource<'_>, trusted: &TrustedOrigins) -> Result<(), RejectReason> {
    let referer = SplitUrl::parse(source.referer.ok_or(RejectReason::NoReferer)?)
        .filter(|referer| !referer.scheme.is_empty() && !referer.netloc.is_empty())
        .ok_or(RejectReason::MalformedReferer)?;
    if referer.scheme != "https" {
        return Err(RejectReason::InsecureReferer);
    }
    let is_good = |good: String| is_same_domain(&referer.netloc, &good);
    if trusted.has_host(&referer.netloc) || good_referer(source).is_some_and(is_good) {
        return Ok(());
    }
    Err(RejectReason::BadReferer(referer.to_url()))
}

/// The cookie's domain with the port, if an unusual one; without a cookie's domain the host, if allowed.
pub(super) fn good_referer(source: &CsrfSource<'_>) -> Option<String> {
    match (source.cookie_domain, source.server_port) {
        (None, _) => source.host.map(str::to_owned),
        (Some(domain), 443 | 80) => Some(domain.to_owned()),
        (Some(domain), port) => Some(format!("{domain}:{port}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;
    use proptest::prelude::*;

    #[test]
    fn verdicts_are_django_s() {
        let trusted = golden::django_formats("trusted_origins");
        let trusted = TrustedOrigins::parse(golden::texts(&trusted)).unwrap();
        for case in golden::cases("csrf_sources") {
            let source = CsrfSource {
                origin: case["origin"].as_str(),
                referer: case["referer"].as_str(),
                scheme: if case["secure"] == true {
                    Scheme::Https
                } else {
                    Scheme::Http
                },
                host: case["host"].as_str().filter(|host| host.starts_with("good.com")),
                server_port: u16::try_from(case["port"].as_u64().unwrap()).unwrap(),
                cookie_domain: case["cookie_domain"].as_str(),
            };
            // The cookie is looked at after the source.
            let reason = match check_source(&source, &trusted) {
                Ok(()) => RejectReason::NoCookie.to_string(),
                Err(reason) => reason.to_string(),
            };
            assert_eq!(reason, case["reason"], "{case}");
        }
    }

    #[test]
    fn a_trusted_origin_needs_scheme_and_host() {
        for origin in [
            "good.com",
            "*.good.com",
            "//good.com",
            "https://",
            "https:good.com",
            "",
        ] {
            assert_eq!(TrustedOrigins::parse([origin]).unwrap_err().0, origin);
        }
    }

    proptest! {
        #[test]
        fn any_headers_have_an_answer(origin: Option<String>, referer: Option<String>, host: Option<String>) {
            let source = CsrfSource {
                origin: origin.as_deref(),
                referer: referer.as_deref(),
                scheme: Scheme::Https,
                host: host.as_deref(),
                server_port: 443,
                cookie_domain: None,
            };
            let trusted = TrustedOrigins::parse(["https://*.good.com"]).unwrap();
            prop_assert!(check_source(&source, &trusted).is_err());
        }
    }
}
