//! The tutorials' API on Doorward: the URL map of the reference site, answer for answer.
//!
//! ```text
//! tutorial migrate
//! tutorial [--bind 127.0.0.1:8000]
//! curl -u alice:wonderland-42 http://127.0.0.1:8000/home/
//! ```
//!
//! It reads the same settings as `doorward`, and runs on a database that it made, or that the reference site made.

mod hooks;
mod migrations;
mod own_serializers;
mod probes;
mod products;
mod serializer_probes;
mod serializers;
mod settings;
mod typed_probes;
mod urls;
mod views;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use doorward::prelude::*;

/// The tutorials' API.
#[derive(Debug, Parser)]
struct Arguments {
    /// The address to listen on, instead of `server.bind`.
    #[arg(long, value_name = "ADDRESS:PORT")]
    bind: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the tables that are missing, and end.
    Migrate,
}

/// Ends as `doorward` does: 2 where the settings are wrong, 1 where anything else is.
#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = run(Arguments::parse()).await else {
        return ExitCode::SUCCESS;
    };
    let _ = writeln!(std::io::stderr(), "Error: {error}");
    ExitCode::from(if error.is_settings() { 2 } else { 1 })
}

async fn run(Arguments { bind, command }: Arguments) -> doorward::Result {
    let door = Doorward::from_settings(settings::load(bind)?).await?;
    match command {
        None => door.serve(urls::router(&door)).await,
        Some(Command::Migrate) => {
            let made = migrations::migrate(&door).await?;
            let _ = std::io::stdout().write_all(made.as_bytes());
            Ok(())
        }
    }
}
