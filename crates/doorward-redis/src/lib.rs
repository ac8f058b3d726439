//! What several nodes share, in Redis or Valkey: a client ([`Redis`]), and what throttles count together
//! ([`RedisThrottleHistory`]), what they know of tokens that were taken back ([`RedisBlacklist`]), and sessions where Django's caches
//! keep them ([`RedisSessionCache`]).
//!
//! A hit is one script and one round trip; the server decides, by its own clock. Where the server is away, each node
//! counts for itself until it is back: see [`RedisThrottleHistory`].
//!
//! The server may be one, the primary that Sentinels tell of, or the nodes of a cluster, with TLS or without. It needs
//! Redis 6.2 or later, or Valkey.

mod blacklist;
mod breaker;
mod certificates;
mod client;
mod connection;
mod counters;
mod failure;
mod hash_slot;
mod metrics;
mod node;
mod script;
mod server;
mod session_cache;
mod throttle_history;

// Named so that `redis` finds a provider of cryptography: see Cargo.toml.
use rustls as _;

pub use blacklist::RedisBlacklist;
pub use client::{Expiry, Redis};
pub use failure::Failure;
pub use session_cache::RedisSessionCache;
pub use throttle_history::RedisThrottleHistory;
