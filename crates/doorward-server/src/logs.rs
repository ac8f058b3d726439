//! Logs, as the library has them: what the command line or the environment wants.

use doorward::command::Failure;
use doorward::logging::{self, Error};

/// Starts logging what `filter` says, or RUST_LOG, or `info`.
pub(crate) fn start(filter: Option<&str>) -> Result<(), Failure> {
    let (origin, wanted) = match filter {
        Some(filter) if !filter.is_empty() => ("--log", filter.to_owned()),
        _ => ("RUST_LOG", logging::wanted()),
    };
    logging::try_init(&wanted).map_err(|error| match error {
        Error::Filter { .. } => Failure::settings(format!("{origin}: {error}")),
        _ => Failure::command(error.to_string()),
    })
}
