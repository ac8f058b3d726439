//! How long a server waits for its clients.

use crate::settings::validate::periods::{Entry, Least, waits};
use crate::settings::{Findings, Http2Settings, ServerSettings};

pub(super) fn check(settings: &ServerSettings, found: &mut Findings) {
    waits(server(settings), found);
    waits(http2(&settings.http2), found);
}

fn server(server: &ServerSettings) -> [Entry; 8] {
    let refuse = Least::Millisecond("would refuse every request");
    let close = Least::Millisecond("would close connections in use");
    let beat = match server.heartbeat.duration().is_zero() {
        true => Least::Zero,
        false => Least::Second("would write without a rest; `0s` never does"),
    };
    [
        ("server.shutdown_grace", server.shutdown_grace, Least::Zero),
        ("server.shutdown_delay", server.shutdown_delay, Least::Zero),
        ("server.header_timeout", server.header_timeout, refuse),
        ("server.body_timeout", server.body_timeout, Least::Zero),
        ("server.handler_timeout", server.handler_timeout, Least::Zero),
        ("server.heartbeat", server.heartbeat, beat),
        ("server.write_timeout", server.write_timeout, Least::Zero),
        ("server.keep_alive_timeout", server.keep_alive_timeout, close),
    ]
}

fn http2(http2: &Http2Settings) -> [Entry; 2] {
    let pings = !http2.ping_interval.duration().is_zero();
    let ping_timeout = match pings {
        true => Least::Millisecond("would end every connection"),
        false => Least::Zero,
    };
    [
        ("server.http2.ping_interval", http2.ping_interval, Least::Zero),
        ("server.http2.ping_timeout", http2.ping_timeout, ping_timeout),
    ]
}
