//! What holds for HTTP/2 (RFC 9113).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Period;

/// `[server.http2]`: what one HTTP/2 connection may ask for.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Http2Settings {
    /// How many requests a connection may have in flight.
    pub max_streams: u32,
    /// How many requests that were begun and taken back may wait to be looked at; past it the connection ends.
    pub max_pending_resets: usize,
    /// How many streams may break the protocol before the connection ends.
    pub max_error_resets: usize,
    /// How many bytes of one body a client may send ahead.
    pub stream_window: u32,
    /// How many bytes of all bodies a client may send ahead.
    pub connection_window: u32,
    /// How often a connection is asked whether its client is still there; `0s` is never.
    pub ping_interval: Period,
    /// How long a client may take to answer that.
    pub ping_timeout: Period,
}

impl Default for Http2Settings {
    fn default() -> Self {
        Self {
            max_streams: 200,
            max_pending_resets: 20,
            max_error_resets: 1_024,
            stream_window: 262_144,
            connection_window: 1_048_576,
            ping_interval: Period::from_secs(30),
            ping_timeout: Period::from_secs(20),
        }
    }
}
