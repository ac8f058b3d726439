//! [`Lane`]: what takes long to parse, off the async threads.

use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;

use doorward_django::bounds::MAX_INLINE_BODY;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::exceptions::{ApiException, Result};

/// Work on large bodies, for threads that may take their time: as many at once as the machine has processors. Work on
/// small ones, which is the usual case, is done on the spot.
#[derive(Clone, Debug)]
pub(crate) struct Lane(Arc<Semaphore>);

impl Default for Lane {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(
            available_parallelism().map_or(1, NonZero::get),
        )))
    }
}

impl Lane {
    /// What comes of the work on so many bytes.
    ///
    /// # Errors
    /// 500 where it panics.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        bytes: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        if bytes <= MAX_INLINE_BODY {
            return Ok(work());
        }
        let turn = Arc::clone(&self.0).acquire_owned().await;
        let turn = turn.map_err(ApiException::server_error)?;
        let work = move || {
            let done = work();
            drop(turn);
            done
        };
        spawn_blocking(work).await.map_err(ApiException::server_error)
    }
}
