//! What a server allows its clients.

use super::{Checked, require};
use crate::settings::{Http2Settings, Period, ServerSettings};

/// What hyper reads at once, and what the length of a header list is told in.
const HEADERS: std::ops::RangeInclusive<usize> = 8_192..=16 * 1024 * 1024;

/// The largest window of RFC 9113 §6.9.1.
const LARGEST_WINDOW: u32 = (1 << 31) - 1;

/// The window that each connection begins with.
const FIRST_WINDOW: u32 = 65_535;

pub(super) fn check(server: &ServerSettings) -> Checked {
    require(server.max_body > 0, "server.max_body", || {
        "0 bytes would refuse every body".to_owned()
    })?;
    require(server.max_json_values > 0, "server.max_json_values", || {
        "0 would refuse every list and object".to_owned()
    })?;
    require(HEADERS.contains(&server.max_header), "server.max_header", || {
        format!(
            "{} is out of range; allowed: 8192 to 16777216 bytes",
            server.max_header
        )
    })?;
    let requests = server.max_requests_in_flight;
    require(requests > 0, "server.max_requests_in_flight", || {
        "0 would refuse every request".to_owned()
    })?;
    require(
        server.max_connections != Some(0),
        "server.max_connections",
        || "0 would take no connection; leave the key out for as many as there may be".to_owned(),
    )?;
    takes_time(
        server.header_timeout,
        "server.header_timeout",
        "would refuse every request",
    )?;
    let idle = server.keep_alive_timeout;
    takes_time(
        idle,
        "server.keep_alive_timeout",
        "would close connections in use",
    )?;
    http2(&server.http2)
}

fn http2(http2: &Http2Settings) -> Checked {
    require(http2.max_streams > 0, "server.http2.max_streams", || {
        "0 would refuse every request".to_owned()
    })?;
    require(
        http2.max_pending_resets > 0,
        "server.http2.max_pending_resets",
        || "0 would end a connection whose client takes one request back".to_owned(),
    )?;
    window(http2.stream_window, 1, "server.http2.stream_window")?;
    window(
        http2.connection_window,
        FIRST_WINDOW,
        "server.http2.connection_window",
    )?;
    let pings = !http2.ping_interval.duration().is_zero();
    match pings {
        true => takes_time(
            http2.ping_timeout,
            "server.http2.ping_timeout",
            "would end every connection",
        ),
        false => Ok(()),
    }
}

fn window(size: u32, least: u32, key: &str) -> Checked {
    require((least..=LARGEST_WINDOW).contains(&size), key, || {
        format!("{size} is out of range; allowed: {least} to {LARGEST_WINDOW} bytes")
    })
}

fn takes_time(period: Period, key: &str, problem: &str) -> Checked {
    require(!period.duration().is_zero(), key, || {
        format!("{period} {problem}")
    })
}
