//! TLS at the wire: versions, protocols, certificates in files, and what else comes to an open port.

#![cfg(feature = "tls")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod files;
mod handshakes;
mod hostile;
mod pki;
mod reload;
mod site;
