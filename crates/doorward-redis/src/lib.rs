//! What several nodes count together, in Redis or Valkey: [`RedisThrottleHistory`].
//!
//! A hit is one script and one round trip; the server decides, by its own clock. Where the server is away, each node
//! counts for itself until it is back: see [`RedisThrottleHistory`].
//!
//! It needs Redis 6.2 or later, or Valkey.

mod breaker;
mod counters;
mod failure;
mod metrics;
mod script;
mod server;
mod throttle_history;

// Named so that `redis` finds a provider of cryptography: see Cargo.toml.
use rustls as _;

pub use failure::Failure;
pub use server::UrlError;
pub use throttle_history::RedisThrottleHistory;
