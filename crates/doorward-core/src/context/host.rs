//! Where a request was sent: its scheme, its host and its port (`HttpRequest.scheme`, `.get_host`, `.get_port`).

use doorward_django::urls::{Scheme, split_domain_port};
use http::header::HOST;
use http::{Extensions, HeaderMap, Uri};

use super::Context;
use crate::headers::Headers;

/// The port that a trusted proxy was asked at, as an extension of the request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ForwardedPort(pub(crate) u16);

impl<'r> Context<'r> {
    /// How the request came in: over TLS where the server attached [`Scheme::Https`] to it.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        scheme(self.extensions())
    }

    /// The host asked for, port included, as the request has it; the door lets allowed ones in only
    /// (`HttpRequest.get_host`).
    #[must_use]
    pub fn host(&self) -> Option<&'r str> {
        host(self.uri(), self.headers())
    }

    /// The port asked for, as far as anybody told (`HttpRequest.get_port`).
    pub(crate) fn port(&self) -> Option<u16> {
        let forwarded = self.extension::<ForwardedPort>().map(|port| port.0);
        forwarded.or_else(|| split_domain_port(self.host()?)?.port.parse().ok())
    }
}

/// How a request came in, as the server said.
pub(crate) fn scheme(extensions: &Extensions) -> Scheme {
    extensions.get().copied().unwrap_or(Scheme::Http)
}

/// The one host that a request names: its Host header, or its address's authority (HTTP/2's `:authority`), which
/// may not differ from it.
pub(crate) fn host<'r>(uri: &'r Uri, headers: &'r HeaderMap) -> Option<&'r str> {
    let authority = uri.authority().map(http::uri::Authority::as_str);
    match Headers::of(headers, &HOST) {
        Headers::None => authority,
        Headers::One(host) => {
            let host = host.to_str().ok()?;
            let is_same = authority.is_none_or(|authority| authority.eq_ignore_ascii_case(host));
            is_same.then_some(host)
        }
        Headers::Several => None,
    }
}
