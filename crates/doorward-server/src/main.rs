//! The `doorward` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    doorward_server::run(std::env::args_os())
}
