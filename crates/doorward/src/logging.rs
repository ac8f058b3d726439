//! Logs: for people on a terminal, as JSON otherwise; always on standard error.
//!
//! The library logs by `tracing`, and nobody hears of it until a program says where to. [`init`] is what the ready server
//! does:
//!
//! ```no_run
//! use doorward::prelude::*;
//!
//! # async fn main_() -> doorward::Result {
//! doorward::logging::init();
//! let door = Doorward::open("doorward.toml").await?;
//! door.serve(door.router().merge(door.endpoints())).await
//! # }
//! ```
//!
//! `RUST_LOG` says what is logged (`warn`, `info,doorward=debug`); without it, it is `info`. What the lines hold is told
//! on the guide's page on logs.

use std::io::{self, IsTerminal};

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt};

/// What is logged where nobody says what. What a PostgreSQL notes by the way (`NOTICE`) is nothing that somebody has to know.
const USUAL: &str = "info,sqlx::postgres::notice=warn";

/// Why nothing is logged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What was to be logged cannot be told from this text.
    #[error("`{}` is no filter: {problem}", filter.escape_debug())]
    Filter {
        /// The text.
        filter: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The program logs already, by a subscriber that was set before.
    #[error("a subscriber was set already")]
    AlreadySet,
}

/// Logs from now on what `RUST_LOG` says, or `info`, to standard error.
///
/// Where the program has set a subscriber already, that one stays. A `RUST_LOG` that is no filter is told in the log, which
/// is `info` then. Call it first of all: what came before is not told.
pub fn init() {
    let filter = wanted();
    if let Err(Error::Filter { problem, .. }) = try_init(&filter)
        && try_init(USUAL).is_ok()
    {
        tracing::warn!(problem, "RUST_LOG is no filter; `info` is logged");
    }
}

/// Logs from now on what that filter says, such as `info,doorward=debug`.
///
/// # Errors
/// A text that is no filter, and a subscriber that was set before.
pub fn try_init(filter: &str) -> Result<(), Error> {
    let filter: Targets = filter.parse().map_err(|error| Error::Filter {
        filter: filter.to_owned(),
        problem: format!("{error}"),
    })?;
    let started = tracing_subscriber::registry()
        .with(lines().with_filter(filter))
        .try_init();
    started.map_err(|_| Error::AlreadySet)
}

/// What is written of an event: words on a terminal, else an object of JSON.
fn lines() -> Box<dyn Layer<Registry> + Send + Sync> {
    let lines = fmt::layer()
        // It would tell on standard error that standard error is gone, and panic.
        .log_internal_errors(false)
        .with_writer(io::stderr);
    match io::stderr().is_terminal() {
        true => lines.with_target(false).boxed(),
        false => lines
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .boxed(),
    }
}

/// What `RUST_LOG` says, or `info`.
#[must_use]
pub fn wanted() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "this variable is for logs, and no setting"
    )]
    let wanted = std::env::var("RUST_LOG").unwrap_or_default();
    match wanted.is_empty() {
        true => USUAL.to_owned(),
        false => wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_filter_is_refused_and_a_second_start_changes_nothing() {
        let error = try_init("doorward=loud\u{1b}").unwrap_err();
        assert!(matches!(error, Error::Filter { .. }));
        assert!(
            error.to_string().contains("`doorward=loud\\u{1b}` is no filter"),
            "{error}"
        );
        init();
        init();
        assert!(matches!(try_init("info"), Err(Error::AlreadySet)));
    }
}
