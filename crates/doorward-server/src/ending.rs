//! [`fail`]: how the program ends where a command did not succeed, and what it says then.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use doorward::command::{Console, Failure};

/// Tells of a failure, and with which exit code it ends.
pub(crate) fn fail(console: &mut Console, failure: &Failure) -> ExitCode {
    match failure {
        Failure::CommandLine(error) => answer(console, error),
        Failure::Command(message) => {
            console.warn(format_args!("Error: {message}"));
            ExitCode::from(1)
        }
        Failure::Settings(message) => {
            for line in message.lines() {
                console.warn(format_args!("Error: {line}"));
            }
            ExitCode::from(2)
        }
        // Quiet: everything was said.
        _ => ExitCode::from(1),
    }
}

/// What the command line is told of itself: help, version, or a mistake.
fn answer(console: &mut Console, error: &clap::Error) -> ExitCode {
    match tip(error) {
        Some(tip) => console.warn(tip),
        None => drop(error.print()),
    }
    let code = u8::try_from(error.exit_code()).unwrap_or(2);
    ExitCode::from(code)
}

/// What other servers have options for, and this one an argument.
const ADDRESSES: [&str; 8] = [
    "--port",
    "-p",
    "--host",
    "--listen",
    "--bind",
    "-b",
    "--addr",
    "--address",
];

/// What is said to those who look for the option of other servers: the address is no option here, as in Django.
pub(crate) fn tip(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let is_sought = error.kind() == ErrorKind::UnknownArgument && ADDRESSES.contains(&option.as_str());
    is_sought.then(|| {
        format!(
            "error: unexpected argument '{option}' found\n\n  tip: runserver takes ADDR:PORT or a port, such as \
             `doorward runserver 8001` or `doorward runserver 0.0.0.0:8001`\n\nFor more information, try '--help'."
        )
    })
}
