//! [`Timeouts`]: how long the client of a connection may take.

use std::time::Duration;

use doorward_core::settings::ServerSettings;

/// How long a connection that is idle when the server ends may still bring a request: it may be under way.
const LAST_CALL: Duration = Duration::from_secs(1);

/// How long the client of a connection may take.
#[derive(Debug)]
pub(crate) struct Timeouts {
    /// For the head of a request, and for a TLS handshake.
    pub(crate) header: Duration,
    /// To read an answer; for ever where there is none.
    pub(crate) write: Option<Duration>,
    /// To make another request.
    pub(crate) keep_alive: Duration,
    /// To bring one that is under way when the server ends.
    pub(crate) last_call: Duration,
}

impl Timeouts {
    pub(crate) fn new(settings: &ServerSettings) -> Self {
        Self {
            header: settings.header_timeout.duration(),
            write: unless_zero(settings.write_timeout.duration()),
            keep_alive: settings.keep_alive_timeout.duration(),
            last_call: LAST_CALL.min(settings.shutdown_grace.duration() / 2),
        }
    }
}

/// Zero is no time-out.
pub(crate) fn unless_zero(period: Duration) -> Option<Duration> {
    (!period.is_zero()).then_some(period)
}
