//! [`Activity`]: what a connection is doing, so that one whose client dawdles can be told from one that is in use.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::HttpBody;
use axum::extract::Request;
use hyper::Version;
use tokio::time::Instant;

use crate::timeouts::Timeouts;

/// How long a connection is quiet before it rests. Memory is not given back to the system, only used again: what counts is
/// how many have buffers at once.
const QUIET: Duration = Duration::from_millis(100);

/// What a connection is doing; shared by its stream, its requests and whoever watches it.
#[derive(Clone, Debug)]
pub(crate) struct Activity(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    protocol: Protocol,
    /// How many requests there have been.
    requests: u64,
    /// How many of them are not answered to their end.
    in_flight: usize,
    /// Since when nothing is in flight.
    idle: Instant,
    /// When the first byte of the next head came.
    head: Option<Instant>,
    /// Since when the stream takes no more bytes.
    stuck: Option<Instant>,
    /// Whether the last request had a body.
    had_body: bool,
    /// Whether nothing but a next request can come, as far as is known here.
    can_rest: bool,
    /// The answers whose next bytes wait for the client, the one that waits longest first.
    unread: Vec<(u64, Instant)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protocol {
    Unknown,
    Http1,
    Http2,
}

/// What a client took too long for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dawdled {
    /// To make a request.
    Head,
    /// To make another.
    Idle,
    /// To read an answer.
    Answer,
}

impl Activity {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            protocol: Protocol::Unknown,
            requests: 0,
            in_flight: 0,
            idle: Instant::now(),
            head: None,
            stuck: None,
            had_body: false,
            can_rest: false,
            unread: Vec::new(),
        })))
    }

    /// The client may speak from now on.
    pub(crate) fn restart(&self) {
        self.state().idle = Instant::now();
    }

    /// A request has come.
    pub(crate) fn begin(&self, request: &Request) -> Exchange {
        let mut state = self.state();
        state.protocol = match request.version() {
            Version::HTTP_2 => Protocol::Http2,
            _ => Protocol::Http1,
        };
        state.had_body = !request.body().is_end_stream();
        state.requests += 1;
        state.in_flight += 1;
        state.head = None;
        state.can_rest = true;
        Exchange {
            activity: self.clone(),
            number: state.requests,
        }
    }

    /// Bytes have come.
    pub(crate) fn read(&self) {
        let mut state = self.state();
        if state.in_flight == 0 && state.head.is_none() {
            state.head = Some(Instant::now());
        }
    }

    /// The stream took bytes.
    pub(crate) fn wrote(&self) {
        self.state().stuck = None;
    }

    /// The stream takes no bytes.
    pub(crate) fn is_stuck(&self) {
        self.state().stuck.get_or_insert_with(Instant::now);
    }

    /// When the client will have dawdled, and with what, if nothing happens before.
    pub(crate) fn deadline(&self, timeouts: &Timeouts) -> Option<(Instant, Dawdled)> {
        let state = self.state();
        let unread = timeouts.write.and_then(|timeout| state.unread(timeout));
        let next = (state.in_flight == 0).then(|| state.next_request(timeouts));
        [unread, next].into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    /// When the connection may rest, if nothing happens before: over HTTP/2 never, nor when it ends.
    pub(crate) fn rest(&self) -> Option<Instant> {
        let state = self.state();
        let is_quiet = state.in_flight == 0 && state.head.is_none() && state.stuck.is_none();
        (state.can_rest && is_quiet && state.protocol == Protocol::Http1).then(|| state.idle + QUIET)
    }

    /// It rests, or it ends: either way not before its next request.
    pub(crate) fn no_rest(&self) {
        self.state().can_rest = false;
    }

    /// Whether no request is in flight, and none has begun to come.
    pub(crate) fn is_idle(&self) -> bool {
        let state = self.state();
        state.in_flight == 0 && (state.head.is_none() || state.protocol == Protocol::Http2)
    }

    /// Whether the head of a request has begun to come.
    pub(crate) fn has_head(&self) -> bool {
        self.state().head.is_some()
    }

    /// Whether its requests come over HTTP/2, as far as it has made one.
    pub(crate) fn is_http2(&self) -> bool {
        self.state().protocol == Protocol::Http2
    }

    /// Whether the client may be sending what nobody will read.
    pub(crate) fn is_spoken_to(&self) -> bool {
        let state = self.state();
        state.protocol != Protocol::Http2 && (state.had_body || state.head.is_some())
    }

    /// Whether it is known to be spoken to in HTTP/1.1.
    pub(crate) fn is_http1(&self) -> bool {
        self.state().protocol == Protocol::Http1
    }

    /// Since when it has been idle, if it is.
    pub(crate) fn idle_since(&self) -> Option<Instant> {
        self.is_idle().then(|| self.state().idle)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn unread(&self, timeout: Duration) -> Option<(Instant, Dawdled)> {
        let oldest = self.unread.first().map(|(_, since)| *since);
        let since = [oldest, self.stuck].into_iter().flatten().min()?;
        Some((since + timeout, Dawdled::Answer))
    }

    fn next_request(&self, timeouts: &Timeouts) -> (Instant, Dawdled) {
        match (self.protocol, self.head) {
            (Protocol::Unknown, _) => (self.idle + timeouts.header, Dawdled::Head),
            (Protocol::Http1, Some(head)) => (head + timeouts.header, Dawdled::Head),
            // Bytes are no sign of a request here: there are frames about the connection itself.
            (Protocol::Http1 | Protocol::Http2, _) => (self.idle + timeouts.keep_alive, Dawdled::Idle),
        }
    }
}

/// A request that came, until its answer is sent or will never be.
#[derive(Debug)]
pub(crate) struct Exchange {
    activity: Activity,
    number: u64,
}

impl Exchange {
    /// The client has all that there is so far, or will have.
    pub(crate) fn is_read(&self) {
        self.activity
            .state()
            .unread
            .retain(|(number, _)| *number != self.number);
    }

    /// There is something for the client.
    pub(crate) fn is_unread(&self) {
        self.activity.state().unread.push((self.number, Instant::now()));
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.is_read();
        let mut state = self.activity.state();
        state.in_flight -= 1;
        if state.in_flight == 0 {
            state.idle = Instant::now();
        }
    }
}
