//! Which address a request is counted for.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use doorward_django::client_ident::ClientIdent;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue};

use crate::context::Context;
use crate::door::Door;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

impl Door {
    /// The address of the client that sent a request with these extensions and headers: the peer's, or the one that
    /// trusted proxies forward, as throttles count it (`[throttle] num_proxies`, `trusted_proxies`). `None` where the
    /// server told no peer.
    #[must_use]
    pub fn client_address(&self, extensions: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip();
        let forwarded = headers.get_all(X_FORWARDED_FOR).iter();
        let forwarded = forwarded.map(HeaderValue::as_bytes);
        Some(self.throttle_rules().address(peer, forwarded))
    }

    /// The machine or the network that an address is counted as (`[throttle] ipv6_prefix`).
    #[must_use]
    pub fn client_of(&self, address: IpAddr) -> ClientIdent {
        self.throttle_rules().client(address)
    }
}

impl Context<'_> {
    /// The machine or the network that the request is counted for: the peer's, or the one that trusted proxies forward
    /// (`[throttle] num_proxies`, `trusted_proxies`). `None` where the server told no peer.
    #[must_use]
    pub fn client(&self) -> Option<ClientIdent> {
        let address = self.client_address()?;
        Some(self.door().throttle_rules().client(address))
    }

    /// The address of the machine that [`client`](Self::client) counts, without regard to its network.
    #[must_use]
    pub fn client_address(&self) -> Option<IpAddr> {
        self.door().client_address(self.extensions(), self.headers())
    }
}
