//! [`Chore`]: what a server does again and again.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::door::Door;

/// Why a chore could not be done this time; it is told in the log, and the chore is done again at its next turn.
pub type ChoreError = Box<dyn Error + Send + Sync>;

/// Something that a server does again and again, beside its requests. Every server of a site does it: what it does must
/// bear that another one does the same at the same time.
#[derive(Clone)]
pub struct Chore {
    pub(crate) name: &'static str,
    pub(crate) every: Duration,
    work: Arc<Work>,
}

type Work = dyn Fn(Door) -> BoxFuture<'static, Result<(), ChoreError>> + Send + Sync;

impl Chore {
    /// A chore of that name, for the log; `every` so often, with its first turn within a minute; never where that is zero.
    pub fn new<F>(
        name: &'static str,
        every: Duration,
        work: impl Fn(Door) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), ChoreError>> + Send + 'static,
    {
        Self {
            name,
            every,
            work: Arc::new(move |door| work(door).boxed()),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// How long after one turn the next one begins.
    #[must_use]
    pub fn every(&self) -> Duration {
        self.every
    }

    /// Does it once.
    ///
    /// # Errors
    /// What it could not do; also that it panicked, which ends this turn and no later one.
    pub async fn run(&self, door: &Door) -> Result<(), ChoreError> {
        let work = async { (self.work)(door.clone()).await };
        let done = AssertUnwindSafe(work).catch_unwind().await;
        done.unwrap_or_else(|_| Err("it panicked".into()))
    }
}

impl fmt::Debug for Chore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} every {:?}", self.name, self.every)
    }
}
