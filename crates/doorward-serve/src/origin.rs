//! [`Origin`]: where a connection comes from.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use doorward_django::urls::Scheme;

/// What is known of a connection before its first request; each of its requests has both as extensions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// The other end.
    pub(super) peer: SocketAddr,
    /// Whether the connection is encrypted.
    pub(super) scheme: Scheme,
}

impl Origin {
    pub(super) fn sign(self, mut request: Request) -> Request {
        request.extensions_mut().insert(ConnectInfo(self.peer));
        request.extensions_mut().insert(self.scheme);
        request
    }
}
