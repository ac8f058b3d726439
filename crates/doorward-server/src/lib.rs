//! The ready server and every management command: the program `doorward`.
//!
//! [`run`] is the whole program; [`app::router`] is what it serves, to be served by other programs too.

mod access_log;
pub mod app;
mod command;
mod command_line;
mod commands;
mod console;
mod database_file;
mod environment;
mod failure;
mod first_run;
mod health;
mod logs;
mod metrics;
mod options;
mod own_key;
mod pages;
mod secret_files;
mod self_signed;
mod settings;

use std::ffi::OsString;
use std::process::ExitCode;

use command::Command;
use command_line::CommandLine;
use console::Console;
use failure::Failure;

/// Runs the program with those arguments, the first of which is its own name.
///
/// Ends with 0; 1 where a command failed; 2 where the settings or the command line are wrong.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut console = Console::of_process();
    let done = start(&commands::all(), arguments, &mut console);
    done.map_or_else(|failure| console.fail(&failure), |()| ExitCode::SUCCESS)
}

fn start(
    commands: &[Command],
    arguments: impl IntoIterator<Item = OsString>,
    console: &mut Console,
) -> Result<(), Failure> {
    let command_line = CommandLine::parse(commands, arguments)?;
    logs::start(command_line.common.log.as_deref())?;
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::command(format!("cannot start the runtime: {error}")))?;
    runtime.block_on(command_line.run(console))
}
