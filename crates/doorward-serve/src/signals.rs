//! What signals do to a server; the guide's page on deployment has the table.

use std::io;
use std::time::Duration;
#[cfg(unix)]
use std::{
    future::poll_fn,
    io::IsTerminal,
    task::{Context, Poll},
};

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Some senders (`timeout`, a shell and its child) signal twice at once; that is one wish, not two.
const ECHO: Duration = Duration::from_millis(250);

/// The number of SIGXFSZ on Linux and the BSDs.
#[cfg(unix)]
const FILE_TOO_LARGE: i32 = 25;

/// Signals that end a server, one after the other; others are kept from ending it.
#[cfg(unix)]
#[derive(Debug)]
pub(crate) struct Signals {
    ending: [Signal; 3],
    hangup: Signal,
    idle: [(&'static str, Signal); 2],
    /// Whether somebody watches from a terminal.
    is_watched: bool,
}

#[cfg(unix)]
impl Signals {
    pub(crate) fn new() -> io::Result<Self> {
        // A write to a file that may grow no further fails then, and is told by whoever wrote.
        let _ = signal(SignalKind::from_raw(FILE_TOO_LARGE))?;
        Ok(Self {
            ending: [
                signal(SignalKind::terminate())?,
                signal(SignalKind::interrupt())?,
                signal(SignalKind::quit())?,
            ],
            hangup: signal(SignalKind::hangup())?,
            idle: [
                ("SIGUSR1", signal(SignalKind::user_defined1())?),
                ("SIGUSR2", signal(SignalKind::user_defined2())?),
            ],
            is_watched: has_terminal(),
        })
    }

    /// Waits for the next one that ends.
    pub(crate) async fn next(&mut self) {
        poll_fn(|cx| self.poll_next(cx)).await;
    }

    /// Waits for one that is no echo of the last.
    pub(crate) async fn next_later(&mut self) {
        tokio::time::sleep(ECHO).await;
        while poll_fn(|cx| Poll::Ready(self.poll_next(cx).is_ready())).await {}
        self.next().await;
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        for (name, signal) in &mut self.idle {
            while signal.poll_recv(cx).is_ready() {
                tracing::info!("{name}: nothing is done");
            }
        }
        let mut is_ending = false;
        while self.hangup.poll_recv(cx).is_ready() {
            is_ending |= self.is_left();
        }
        for signal in &mut self.ending {
            is_ending |= signal.poll_recv(cx).is_ready();
        }
        match is_ending {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }

    /// Whether the terminal is gone from which somebody watched. Otherwise a hang-up is a wish to read files again; those
    /// who read them hear it too.
    fn is_left(&self) -> bool {
        self.is_watched && !has_terminal()
    }
}

#[cfg(unix)]
fn has_terminal() -> bool {
    io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal()
}

/// Signals to end, one after the other: Ctrl-C.
#[cfg(not(unix))]
#[derive(Debug)]
pub(crate) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for the next one; for ever where there is none to wait for.
    pub(crate) async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }

    /// Waits for one that is no echo of the last.
    pub(crate) async fn next_later(&mut self) {
        tokio::time::sleep(ECHO).await;
        self.next().await;
    }
}
