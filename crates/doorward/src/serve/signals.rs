//! The signals that end a server: SIGTERM and SIGINT.

use std::io;
use std::time::Duration;

/// Some senders (`timeout`, a shell and its child) signal twice at once; that is one wish, not two.
const ECHO: Duration = Duration::from_millis(250);

/// Signals to end, one after the other.
#[cfg(unix)]
#[derive(Debug)]
pub(super) struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next one.
    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// Waits for one that is no echo of the last.
    pub(super) async fn next_later(&mut self) {
        tokio::time::sleep(ECHO).await;
        if let Ok(fresh) = Self::new() {
            *self = fresh;
        }
        self.next().await;
    }
}

/// Signals to end, one after the other: Ctrl-C.
#[cfg(not(unix))]
#[derive(Debug)]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for the next one; for ever where there is none to wait for.
    pub(super) async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }

    /// Waits for one that is no echo of the last.
    pub(super) async fn next_later(&mut self) {
        tokio::time::sleep(ECHO).await;
        self.next().await;
    }
}
