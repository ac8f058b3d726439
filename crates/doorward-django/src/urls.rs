//! Hosts, safe redirects and the escaping of addresses: `django.http.request`, `django.utils.http`,
//! `django.utils.encoding`.

mod hosts;
mod quote;
mod redirect;
mod split;

pub use hosts::{
    DEBUG_ALLOWED_HOSTS, DisallowedHost, HostAndPort, is_same_domain, split_domain_port, validate_host,
};
pub use quote::{escape_leading_slashes, escape_uri_path, iri_to_uri};
pub use redirect::{RequireHttps, url_has_allowed_host_and_scheme};
pub(crate) use split::SplitUrl;

/// How a request came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// Over TLS, here or at a trusted proxy.
    Https,
}

impl Scheme {
    /// The scheme as it stands in an address.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}
