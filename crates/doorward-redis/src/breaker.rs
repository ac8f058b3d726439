//! [`Breaker`]: keeps requests away from a server that does not answer.
//!
//! It holds a connection, or none. The first failure takes the connection away: from then on no request waits, and one
//! task in the background tries. Where the server answers that task, all was a hiccup and nobody is told. After
//! [`FAILURES`] in a row the breaker is open: that is one line in the log; that it closed again is another.

use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use redis::aio::MultiplexedConnection;
use tokio::time::{sleep, timeout};

use crate::failure::Failure;
use crate::metrics::{self, Reach};
use crate::server::Server;

/// After how many failures in a row the breaker is open.
const FAILURES: u32 = 3;
/// In how many parts a request waits.
const PARTS: u32 = 10;
/// How long to wait between two attempts, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// Something to ask a server, as requests do: whether it would count.
pub(crate) trait Probe: Send + Sync + 'static {
    /// Asks once.
    fn ask(&self, connection: MultiplexedConnection) -> impl Future<Output = Result<(), Failure>> + Send;
}

#[derive(Debug)]
pub(crate) struct Breaker<P> {
    server: Server,
    probe: P,
    timeout: Duration,
    connection: ArcSwapOption<MultiplexedConnection>,
}

/// Whether it has been told that the server is away.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Yes,
    No,
}

impl<P: Probe> Breaker<P> {
    /// A breaker that is closed where the server answers now, and open where it does not.
    pub(crate) async fn new(server: Server, probe: P, timeout: Duration) -> Arc<Self> {
        let breaker = Arc::new(Self {
            server,
            probe,
            timeout,
            connection: ArcSwapOption::empty(),
        });
        match breaker.reconnect().await {
            Ok(connection) => breaker.close(connection, Told::No),
            Err(failure) => {
                metrics::failed(&failure);
                breaker.open(&failure);
                tokio::spawn(attempts(Arc::downgrade(&breaker), FAILURES, None));
            }
        }
        breaker
    }

    /// What the server is asked by.
    pub(crate) fn probe(&self) -> &P {
        &self.probe
    }

    /// The connection; none where requests are not to wait for the server.
    pub(crate) fn connection(&self) -> Option<Arc<MultiplexedConnection>> {
        self.connection.load_full()
    }

    /// What comes of a question, within the time that a request may wait.
    ///
    /// The time is measured in parts: where this process itself waited for a processor, the answer may lie there
    /// unread, and one long pause is no fault of the server's.
    pub(crate) async fn in_time<T>(
        &self,
        answer: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let mut answer = pin!(answer);
        for _ in 0..PARTS {
            if let Ok(answer) = timeout(self.timeout / PARTS, &mut answer).await {
                return answer;
            }
        }
        Err(Failure::Timeout)
    }

    /// Takes the connection away that has failed. Of all who say so, the first one starts the attempts.
    pub(crate) fn failed(self: &Arc<Self>, connection: &Arc<MultiplexedConnection>, failure: &Failure) {
        metrics::failed(failure);
        let before = self.connection.compare_and_swap(connection, None);
        let is_first = before
            .as_ref()
            .is_some_and(|before| Arc::ptr_eq(before, connection));
        if is_first {
            let last = MultiplexedConnection::clone(connection);
            tokio::spawn(attempts(Arc::downgrade(self), 1, Some(last)));
        }
    }

    async fn ask(&self, connection: MultiplexedConnection) -> Result<MultiplexedConnection, Failure> {
        self.in_time(self.probe.ask(connection.clone())).await?;
        Ok(connection)
    }

    async fn reconnect(&self) -> Result<MultiplexedConnection, Failure> {
        self.ask(self.server.connect().await?).await
    }

    fn open(&self, failure: &Failure) {
        metrics::opened();
        metrics::reach(Reach::Away);
        tracing::error!(
            redis.address = self.server.address(),
            error.cause = %failure,
            "Redis is away: each node counts for itself until it is back"
        );
    }

    fn close(&self, connection: MultiplexedConnection, told: Told) {
        self.connection.store(Some(Arc::new(connection)));
        metrics::reach(Reach::Answers);
        if told == Told::Yes {
            let address = self.server.address();
            tracing::info!(redis.address = address, "Redis is back: the nodes count together");
        }
    }
}

/// Tries until the server answers, or nobody wants it any more. The last connection gets one more chance.
async fn attempts<P: Probe>(
    breaker: Weak<Breaker<P>>,
    mut failures: u32,
    mut last: Option<MultiplexedConnection>,
) {
    let (mut pause, longest) = PAUSES;
    let mut told = if failures >= FAILURES { Told::Yes } else { Told::No };
    loop {
        if last.is_none() {
            sleep(pause).await;
            pause = longest.min(pause * 2);
        }
        let Some(breaker) = breaker.upgrade() else {
            return;
        };
        let answer = match last.take() {
            Some(connection) => breaker.ask(connection).await,
            None => breaker.reconnect().await,
        };
        match answer {
            Ok(connection) => return breaker.close(connection, told),
            Err(failure) => {
                metrics::failed(&failure);
                failures = failures.saturating_add(1);
                if failures >= FAILURES && told == Told::No {
                    told = Told::Yes;
                    breaker.open(&failure);
                }
            }
        }
    }
}
