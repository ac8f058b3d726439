//! Waits for a future where no future can be: in a test without a runtime, and in one that is on a runtime already.

use std::panic::resume_unwind;
use std::thread;

use tokio::runtime::{Builder, Runtime};

use crate::failure::fail;

/// Runs that to its end, on a thread with a runtime of its own; the database's connections belong to no runtime.
#[track_caller]
pub(crate) fn wait<T: Send>(work: impl Future<Output = T> + Send) -> T {
    let ended = thread::scope(|scope| scope.spawn(|| runtime().block_on(work)).join());
    ended.unwrap_or_else(|panic| resume_unwind(panic))
}

fn runtime() -> Runtime {
    let built = Builder::new_current_thread().enable_time().build();
    built.unwrap_or_else(|error| fail(format_args!("no runtime for the test's database: {error}")))
}
