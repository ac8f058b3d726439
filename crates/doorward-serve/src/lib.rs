//! [`Server`]: an own accept loop, so that a slow client is cut off and a stop loses no request.
//!
//! Where a behaviour is:
//!
//! - accepting, and the order of a stop: `server`; `signals` begin it, `drain` tells all connections and waits for them
//! - how many connections there may be, and which is closed to make room: `connection_limit`
//! - plain or over TLS: `transport`, `tls/` (certificates, their exchange, ACME)
//! - one connection: `connection`, which is quiet, or speaks HTTP by one of the `protocols` (hyper)
//! - who dawdles: `timeouts` says how long is too long; `activity` knows what a connection is doing, told by its `stream`
//!   and by `outgoing` answers; from both `watch` decides when it rests, ends, or is broken off
//! - a request on its way in and its answer on the way out: `answering`; refused by `framing` where two servers could
//!   measure it differently; what nobody reads of it: `unread` throws it away, or says that the connection ends, and then
//!   `stream` ends it gently; for how long: `patience`
//! - files that hold keys: `key_file`; when they are looked at again: `wake`; how an authority is asked: `http_client`
//! - 408, 413 and 503, for whatever service: `limits` (`slot`: how many at once; `upload`: how long and how much)

mod activity;
mod answering;
mod connection;
mod connection_limit;
mod drain;
mod error;
mod framing;
#[cfg(feature = "https-client")]
pub mod http_client;
pub mod key_file;
mod limits;
mod origin;
mod outgoing;
mod patience;
mod protocols;
mod server;
mod signals;
mod stream;
mod timeouts;
#[cfg(feature = "tls")]
mod tls;
mod transport;
mod unread;
pub mod wake;
mod watch;

pub use drain::Draining;
pub use error::{Error, Result};
pub use limits::{Around, Limits, Site};
pub use server::Server;
