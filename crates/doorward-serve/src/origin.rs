//! [`Origin`]: where a connection comes from.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use doorward_django::urls::Scheme;

/// What is known of a connection before its first request; each of its requests has both as extensions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    /// The other end.
    pub(crate) peer: SocketAddr,
    /// Whether the connection is encrypted.
    pub(crate) scheme: Scheme,
}

impl Origin {
    pub(crate) fn sign(self, mut request: Request) -> Request {
        request.extensions_mut().insert(ConnectInfo(self.peer));
        request.extensions_mut().insert(self.scheme);
        request
    }
}
