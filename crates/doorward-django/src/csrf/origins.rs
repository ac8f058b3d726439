use crate::urls::{SplitUrl, is_same_domain};

/// `CSRF_TRUSTED_ORIGINS`: other sites whose pages may send requests here.
///
/// An origin is a scheme and a host, as `https://app.example.com`; a star stands for any subdomain, as in
/// `https://*.example.com`.
#[derive(Clone, Debug, Default)]
pub struct TrustedOrigins {
    exact: Vec<String>,
    subdomains: Vec<(String, String)>,
    hosts: Vec<String>,
}

/// An entry of `CSRF_TRUSTED_ORIGINS` that is no origin (check `4_0.E001`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "As of Django 4.0, the values in the CSRF_TRUSTED_ORIGINS setting must start with a scheme (usually \
     http:// or https://) but found {0}."
)]
pub struct InvalidTrustedOrigin(pub String);

impl TrustedOrigins {
    /// The origins of the setting.
    ///
    /// # Errors
    ///
    /// [`InvalidTrustedOrigin`] for the first that lacks a scheme or a host.
    pub fn parse<'text>(origins: impl IntoIterator<Item = &'text str>) -> Result<Self, InvalidTrustedOrigin> {
        origins
            .into_iter()
            .try_fold(Self::default(), |trusted, origin| trusted.with(origin))
    }

    /// Whether an `Origin` header names one of them.
    #[must_use]
    pub fn has_origin(&self, origin: &str) -> bool {
        self.exact.iter().any(|exact| exact == origin) || self.has_subdomain(origin)
    }

    /// Whether the host of a secure `Referer` is one of them; their scheme does not matter there.
    pub(super) fn has_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|pattern| is_same_domain(host, pattern))
    }

    fn has_subdomain(&self, origin: &str) -> bool {
        let Some(origin) = SplitUrl::parse(origin) else {
            return false;
        };
        let mut patterns = self.subdomains.iter();
        patterns.any(|(scheme, pattern)| *scheme == origin.scheme && is_same_domain(&origin.netloc, pattern))
    }

    fn with(mut self, origin: &str) -> Result<Self, InvalidTrustedOrigin> {
        let parsed = SplitUrl::parse(origin)
            .filter(|parsed| !parsed.scheme.is_empty() && !parsed.netloc.is_empty())
            .ok_or_else(|| InvalidTrustedOrigin(origin.to_owned()))?;
        let host = parsed.netloc.trim_start_matches('*').to_owned();
        if origin.contains('*') {
            self.subdomains.push((parsed.scheme, host.clone()));
        } else {
            self.exact.push(origin.to_owned());
        }
        self.hosts.push(host);
        Ok(self)
    }
}
