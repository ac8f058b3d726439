//! [`Breaker`]: keeps requests away from a server that does not answer.
//!
//! It holds a connection, or none. The first failure takes the connection away: from then on no request waits, and one
//! task in the background tries. Where the server answers that task, all was a hiccup and nobody is told. After
//! [`FAILURES`] in a row the breaker is open: that is one line in the log; that it closed again is another.
//!
//! Of a cluster all primaries have to answer; of a service that Sentinels watch over, whoever is the primary by then.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use tokio::time::{sleep, timeout};

use crate::connection::Connection;
use crate::counters::Counters;
use crate::failure::Failure;
use crate::metrics::{self, Reach};
use crate::server::Server;

/// After how many failures in a row the breaker is open.
const FAILURES: u32 = 3;
/// In how many parts a request waits.
const PARTS: u32 = 10;
/// How long to wait between two attempts, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

pub(crate) struct Breaker {
    server: Server,
    probe: Probe,
    counters: Counters,
    timeout: Duration,
    connection: ArcSwapOption<Connection>,
    /// Whether a connection is being made that knows where keys have moved.
    is_renewing: AtomicBool,
}

/// By what a server shows that it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    /// It counts, and so it writes below our own prefix.
    Count,
    /// It says anything to `PING`. Where Django's keys are all that this user may touch, more cannot be asked.
    Answer,
}

/// Whether it has been told that the server is away.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Yes,
    No,
}

impl Breaker {
    /// A breaker that is closed where the server answers now, and open where it does not.
    pub(crate) async fn new(
        server: Server,
        probe: Probe,
        counters: Counters,
        timeout: Duration,
    ) -> Arc<Self> {
        let breaker = Arc::new(Self {
            server,
            probe,
            counters,
            timeout,
            connection: ArcSwapOption::empty(),
            is_renewing: AtomicBool::new(false),
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

    /// What counts on the server.
    pub(crate) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// The connection; none where requests are not to wait for the server.
    pub(crate) fn connection(&self) -> Option<Arc<Connection>> {
        self.connection.load_full()
    }

    /// What comes of a question that a request asks through that connection. A failure takes it away.
    pub(crate) async fn settle<T>(
        self: &Arc<Self>,
        connection: &Arc<Connection>,
        answer: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let answer = self.in_time(answer).await;
        match &answer {
            Ok(_) if connection.is_outdated() => self.renew(connection),
            Ok(_) => {}
            Err(failure) => self.failed(connection, failure),
        }
        answer
    }

    /// What comes of a question, within the time that a request may wait.
    ///
    /// The time is measured in parts: where this process itself waited for a processor, the answer may lie there
    /// unread, and one long pause is no fault of the server's.
    async fn in_time<T>(&self, answer: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let mut answer = pin!(answer);
        for _ in 0..PARTS {
            if let Ok(answer) = timeout(self.timeout / PARTS, &mut answer).await {
                return answer;
            }
        }
        Err(Failure::Timeout)
    }

    /// Takes the connection away that has failed. Of all who say so, the first one starts the attempts.
    fn failed(self: &Arc<Self>, connection: &Arc<Connection>, failure: &Failure) {
        metrics::failed(failure);
        let last = (!connection.is_outdated()).then(|| Arc::clone(connection));
        if self.exchange(connection, None) {
            tokio::spawn(attempts(Arc::downgrade(self), 1, last));
        }
    }

    /// Has a connection made that knows where keys have moved; requests go on through this one meanwhile.
    fn renew(self: &Arc<Self>, outdated: &Arc<Connection>) {
        if !self.is_renewing.swap(true, Ordering::Relaxed) {
            tokio::spawn(renewal(Arc::downgrade(self), Arc::clone(outdated)));
        }
    }

    /// Puts another connection, or none, in the place of that one. Whether it still was there.
    fn exchange(&self, old: &Arc<Connection>, new: Option<Arc<Connection>>) -> bool {
        let before = self.connection.compare_and_swap(old, new);
        before.as_ref().is_some_and(|before| Arc::ptr_eq(before, old))
    }

    /// Asks every primary, each within the time of a request.
    async fn ask(&self, connection: Arc<Connection>) -> Result<Arc<Connection>, Failure> {
        for tag in connection.tags() {
            match self.probe {
                Probe::Count => self.in_time(self.counters.probe(&connection, &tag)).await?,
                Probe::Answer => self.in_time(ping(&connection, &tag)).await?,
            }
        }
        Ok(connection)
    }

    async fn reconnect(&self) -> Result<Arc<Connection>, Failure> {
        self.ask(Arc::new(self.server.connect().await?)).await
    }

    fn open(&self, failure: &Failure) {
        metrics::opened();
        metrics::reach(Reach::Away);
        tracing::error!(
            redis.address = self.server.address(),
            error.cause = %failure,
            "Redis is away: each node counts for itself until it is back, and asks the database what Redis would know"
        );
    }

    fn close(&self, connection: Arc<Connection>, told: Told) {
        self.connection.store(Some(connection));
        metrics::reach(Reach::Answers);
        if told == Told::Yes {
            let address = self.server.address();
            tracing::info!(redis.address = address, "Redis is back: the nodes count together");
        }
    }
}

/// Asks the server of that name in braces for any answer. That this user may not ask is one.
async fn ping(connection: &Connection, tag: &str) -> Result<(), Failure> {
    match connection.ask(&format!("{{{tag}}}"), &redis::cmd("PING")).await {
        Err(error) if error.code() != Some("NOPERM") => Err(error.into()),
        _ => Ok(()),
    }
}

/// Tries until the server answers, or nobody wants it any more. The last connection gets one more chance.
async fn attempts(breaker: Weak<Breaker>, mut failures: u32, mut last: Option<Arc<Connection>>) {
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

/// Makes a connection in the place of one that is outdated, and is used on until then. Where none can be made, the next
/// question that is sent elsewhere asks for it again, after a while.
async fn renewal(breaker: Weak<Breaker>, outdated: Arc<Connection>) {
    let Some(breaker) = breaker.upgrade() else {
        return;
    };
    match breaker.reconnect().await {
        Ok(connection) => {
            breaker.exchange(&outdated, Some(connection));
        }
        Err(failure) => {
            metrics::failed(&failure);
            sleep(PAUSES.1).await;
        }
    }
    breaker.is_renewing.store(false, Ordering::Relaxed);
}
