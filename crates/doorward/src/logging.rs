//! Logs: for people on a terminal, as JSON otherwise; always on standard error.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use crate::environment;
use doorward::command::Failure;

/// Starts logging what `filter` says, or RUST_LOG, or `info`.
pub(crate) fn start(filter: Option<&str>) -> Result<(), Failure> {
    let (origin, directives) = match filter {
        Some(filter) => ("--log", filter.to_owned()),
        None => ("RUST_LOG", environment::variable("RUST_LOG").unwrap_or_default()),
    };
    let directives = if directives.is_empty() {
        "info"
    } else {
        &directives
    };
    let filter = EnvFilter::try_new(directives).map_err(|error| {
        Failure::settings(format!(
            "{origin}: `{}` is no filter: {error}",
            directives.escape_debug()
        ))
    })?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // It would tell on standard error that standard error is gone, and panic.
        .log_internal_errors(false)
        .with_writer(io::stderr);
    let started = match io::stderr().is_terminal() {
        true => subscriber.with_target(false).try_init(),
        false => subscriber
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init(),
    };
    started.map_err(|error| Failure::command(error.to_string()))
}
