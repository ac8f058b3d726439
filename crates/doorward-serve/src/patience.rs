//! How long a client is listened to that sends what nobody will read; as nginx has it (`lingering_timeout`,
//! `lingering_time`).

use std::time::Duration;

/// How long it may be silent.
pub(crate) const SILENCE: Duration = Duration::from_secs(5);

/// How long it may take in all.
pub(crate) const WHOLE: Duration = Duration::from_secs(30);

/// How many bytes it may send.
pub(crate) const BYTES: u64 = 16 * 1024 * 1024;
