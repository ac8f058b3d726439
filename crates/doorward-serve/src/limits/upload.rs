//! [`Upload`]: a request's body on its way in, and how long its client was waited for.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// What holds for every body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// How long a client may be waited for; for ever where there is none.
    pub(super) timeout: Option<Duration>,
    /// How many bytes buy a second more.
    pub(super) min_rate: u64,
    /// The most bytes that are read.
    pub(super) largest: u64,
}

impl Rules {
    /// How long the client may be waited for in all, when that much has come.
    fn patience(self, received: u64) -> Option<Duration> {
        let bought = received.checked_div(self.min_rate).unwrap_or(0);
        Some(self.timeout?.saturating_add(Duration::from_secs(bought)))
    }
}

/// What became of a body, as far as it was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nothing was amiss.
    #[default]
    Whole,
    /// The client took too long.
    Late,
    /// It goes on past the limit.
    TooLarge,
}

/// The side of a body's reader that stays behind.
#[derive(Clone, Debug, Default)]
pub(super) struct Upload(Arc<Mutex<Progress>>);

#[derive(Debug, Default)]
struct Progress {
    outcome: Outcome,
    /// Whether the client is waited for.
    waiting: bool,
    /// When the client was last waited for.
    last: Option<Instant>,
}

impl Upload {
    /// Puts the limits around the body of a request that has one.
    pub(super) fn watch(request: &mut Request, rules: Rules) -> Option<Self> {
        if request.body().is_end_stream() {
            return None;
        }
        let upload = Self::default();
        let body = std::mem::take(request.body_mut());
        *request.body_mut() = Body::new(Incoming::new(body, rules, upload.clone()));
        Some(upload)
    }

    pub(super) fn outcome(&self) -> Outcome {
        self.progress().outcome
    }

    /// When the client was last waited for: now, where it still is.
    pub(super) fn last_waited(&self) -> Option<Instant> {
        let progress = self.progress();
        match progress.waiting {
            true => Some(Instant::now()),
            false => progress.last,
        }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A body that is counted and timed.
struct Incoming {
    body: Body,
    rules: Rules,
    upload: Upload,
    received: u64,
    waited: Duration,
    since: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Incoming {
    fn new(body: Body, rules: Rules, upload: Upload) -> Self {
        Self {
            body,
            rules,
            upload,
            received: 0,
            waited: Duration::ZERO,
            since: None,
            alarm: None,
        }
    }

    /// Stops the clock.
    fn stop(&mut self) {
        let Some(since) = self.since.take() else { return };
        let now = Instant::now();
        self.waited += now - since;
        let mut progress = self.upload.progress();
        (progress.waiting, progress.last) = (false, Some(now));
    }

    /// Counts what came.
    fn came(&mut self, frame: &Frame<Bytes>) -> Result<(), axum::Error> {
        let length = frame.data_ref().map_or(0, Bytes::len);
        self.received = self.received.saturating_add(length as u64);
        match self.received > self.rules.largest {
            true => Err(self.refuse(Outcome::TooLarge, "the body is larger than server.max_body")),
            false => Ok(()),
        }
    }

    /// Whether the client has been waited for too long.
    fn poll_late(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(patience) = self.rules.patience(self.received) else {
            return Poll::Pending;
        };
        if self.since.is_none() {
            let now = Instant::now();
            self.since = Some(now);
            self.upload.progress().waiting = true;
            let deadline = now + patience.saturating_sub(self.waited);
            match &mut self.alarm {
                Some(alarm) => alarm.as_mut().reset(deadline),
                None => self.alarm = Some(Box::pin(sleep_until(deadline))),
            }
        }
        match &mut self.alarm {
            Some(alarm) => alarm.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }

    fn refuse(&self, outcome: Outcome, problem: &'static str) -> axum::Error {
        self.upload.progress().outcome = outcome;
        axum::Error::new(problem)
    }
}

/// Nobody waits any more.
impl Drop for Incoming {
    fn drop(&mut self) {
        self.stop();
    }
}

impl HttpBody for Incoming {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.upload.outcome() != Outcome::Whole {
            return Poll::Ready(None);
        }
        let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) else {
            let problem = "the body did not come within server.body_timeout";
            return self
                .poll_late(cx)
                .map(|()| Some(Err(self.refuse(Outcome::Late, problem))));
        };
        self.stop();
        Poll::Ready(match frame {
            Some(Ok(frame)) => Some(self.came(&frame).map(|()| frame)),
            end => end,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules {
        timeout: Some(Duration::from_secs(30)),
        min_rate: 1_000,
        largest: 1_000_000,
    };

    #[test]
    fn what_comes_buys_time() {
        let never = Rules {
            timeout: None,
            ..RULES
        };
        let absolute = Rules { min_rate: 0, ..RULES };
        assert_eq!(RULES.patience(0), Some(Duration::from_secs(30)));
        assert_eq!(RULES.patience(5_999), Some(Duration::from_secs(35)));
        assert_eq!(absolute.patience(5_999), Some(Duration::from_secs(30)));
        assert_eq!(never.patience(5_999), None);
    }
}
