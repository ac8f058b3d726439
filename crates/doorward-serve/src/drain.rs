//! [`Drain`]: how connections learn that the server is about to end, and how it learns that they have.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::sync::watch;

/// Whether a server was told to stop: `/readyz` answers 503 then.
#[derive(Clone, Debug, Default)]
pub struct Draining(Arc<AtomicBool>);

impl Draining {
    /// Whether the server was told to stop.
    #[must_use]
    pub fn begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The server's side.
#[derive(Debug)]
pub(crate) struct Drain {
    draining: Draining,
    ending: watch::Sender<bool>,
}

/// A connection's side; while there is one, the connection lives.
#[derive(Clone, Debug)]
pub(crate) struct DrainHandle {
    draining: Draining,
    ending: watch::Receiver<bool>,
}

/// What a stream without an end of its own looks at, to end when the connections have to.
pub(crate) struct Ending(Pin<Box<dyn Future<Output = ()> + Send>>);

impl Ending {
    /// Whether the connections have to end; the task is woken when that comes.
    pub(crate) fn has_come(&mut self, cx: &mut Context<'_>) -> bool {
        matches!(self.0.as_mut().poll(cx), Poll::Ready(()))
    }
}

impl fmt::Debug for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ending")
    }
}

impl Drain {
    pub(crate) fn new(draining: Draining) -> Self {
        Self {
            draining,
            ending: watch::Sender::new(false),
        }
    }

    pub(crate) fn handle(&self) -> DrainHandle {
        DrainHandle {
            draining: self.draining.clone(),
            ending: self.ending.subscribe(),
        }
    }

    /// Asks all connections to end, and waits until they have.
    pub(crate) async fn finish(self) {
        self.ending.send_replace(true);
        self.ending.closed().await;
    }
}

impl DrainHandle {
    /// Whether answers tell their clients to come no more on this connection.
    pub(crate) fn is_asked_to_go(&self) -> bool {
        self.draining.begun()
    }

    /// Waits until the connection has to end.
    pub(crate) async fn ending(&mut self) {
        if self.ending.wait_for(|ending| *ending).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// The same, for a body.
    pub(crate) fn to_ending(&self) -> Ending {
        let mut handle = self.clone();
        Ending(Box::pin(async move { handle.ending().await }))
    }
}
