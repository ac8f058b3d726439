//! What a server allows its clients.

use std::ops::RangeInclusive;

use crate::settings::validate::limits::{Count, MOST, counts};
use crate::settings::{Findings, Http2Settings, ServerSettings};

/// What hyper reads at once, and what the length of a header list is told in.
const HEADERS: RangeInclusive<u64> = 8_192..=16 * 1024 * 1024;

/// The body of a login, with a token and a long password.
const SMALLEST_BODY: u64 = 512;

/// The values in the body of a login, and one more.
const FEWEST_VALUES: u64 = 4;

/// One body; more than that is read into memory by nobody.
const LARGEST_BODY: u64 = 1 << 40;

/// The largest window of RFC 9113 §6.9.1.
const LARGEST_WINDOW: u64 = (1 << 31) - 1;

/// The window that each connection begins with.
const FIRST_WINDOW: u64 = 65_535;

pub(super) fn check(settings: &ServerSettings, found: &mut Findings) {
    counts(server(settings), found);
    counts(http2(&settings.http2), found);
    let body_min_rate = Count {
        key: "server.body_min_rate",
        number: settings.body_min_rate,
        allowed: 0..=LARGEST_BODY,
        because: "these are bytes in a second",
    };
    counts([body_min_rate], found);
}

fn server(server: &ServerSettings) -> Vec<Count> {
    let mut counts = vec![
        Count {
            key: "server.max_body",
            number: server.max_body as u64,
            allowed: SMALLEST_BODY..=LARGEST_BODY,
            because: "fewer bytes would refuse the body of a login",
        },
        Count {
            key: "server.max_json_values",
            number: server.max_json_values as u64,
            allowed: FEWEST_VALUES..=MOST,
            because: "fewer values would refuse the body of a login",
        },
        Count {
            key: "server.max_header",
            number: server.max_header as u64,
            allowed: HEADERS,
            because: "these are bytes",
        },
        Count {
            key: "server.max_requests_in_flight",
            number: server.max_requests_in_flight as u64,
            allowed: 1..=MOST,
            because: "0 would refuse every request",
        },
    ];
    counts.extend(server.max_connections.map(|connections| Count {
        key: "server.max_connections",
        number: connections as u64,
        allowed: 1..=MOST,
        because: "0 would take no connection; leave the key out for as many as there may be",
    }));
    counts
}

fn http2(http2: &Http2Settings) -> [Count; 5] {
    [
        Count {
            key: "server.http2.max_streams",
            number: http2.max_streams.into(),
            allowed: 1..=LARGEST_WINDOW,
            because: "0 would refuse every request",
        },
        Count {
            key: "server.http2.max_pending_resets",
            number: http2.max_pending_resets as u64,
            allowed: 1..=MOST,
            because: "0 would end a connection whose client takes one request back",
        },
        Count {
            key: "server.http2.max_error_resets",
            number: http2.max_error_resets as u64,
            allowed: 0..=MOST,
            because: "these are streams of one connection",
        },
        Count {
            key: "server.http2.stream_window",
            number: http2.stream_window.into(),
            allowed: 1..=LARGEST_WINDOW,
            because: "these are bytes",
        },
        Count {
            key: "server.http2.connection_window",
            number: http2.connection_window.into(),
            allowed: FIRST_WINDOW..=LARGEST_WINDOW,
            because: "these are bytes",
        },
    ]
}
