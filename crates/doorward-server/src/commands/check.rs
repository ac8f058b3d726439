//! `check`: whether the site could be served, and with `--deploy` whether it should be on the internet
//! (`django.core.management.commands.check`).

mod database;
mod files;
mod table;

use std::cmp::Reverse;

use clap::{Args, ValueEnum};
use doorward::checks::{self, CheckMessage, Level};
use doorward::router::RouteInfo;
use doorward::serve::Draining;
use doorward::settings::Settings;

use crate::app;
use crate::command::Command;
use crate::console::Console;
use crate::failure::Failure;
use crate::options::{Common, Json};
use crate::settings;

const ABOUT: &str =
    "Check whether the site can be served; with --deploy, whether it should be on the internet";

pub(super) fn command() -> Command {
    Command::new("check", ABOUT, |common, options: Check, console| {
        Box::pin(run(common, options, console))
    })
}

#[derive(Debug, Args)]
struct Check {
    /// Check also what is unwise on the internet.
    #[arg(long)]
    deploy: bool,
    /// End with 1 where something of this level or above is found [default: ERROR; with --deploy, WARNING].
    #[arg(long, value_name = "LEVEL", ignore_case = true)]
    fail_level: Option<FailLevel>,
    #[command(flatten)]
    format: Json,
}

/// A [`Level`], as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "UPPER")]
enum FailLevel {
    Info,
    Warning,
    Error,
}

impl From<FailLevel> for Level {
    fn from(level: FailLevel) -> Self {
        match level {
            FailLevel::Info => Self::Info,
            FailLevel::Warning => Self::Warning,
            FailLevel::Error => Self::Error,
        }
    }
}

/// Settings that are impossible end it before anything is checked, with 2, as they end every command.
async fn run(common: &Common, options: Check, console: &mut Console) -> Result<(), Failure> {
    let settings = settings::load(common)?;
    let mut found = database::check(&settings).await;
    if options.deploy {
        found.extend(checks::deploy(&settings, &routes(settings.clone()).await?));
        found.extend(files::check(common, &settings)?);
    }
    found.sort_by_key(|message| Reverse(message.level));
    let all = found.len();
    found.retain(|message| !is_silenced(message, &settings));
    table::show(&found, all - found.len(), &options.format, console)?;
    match found.iter().any(|message| message.level >= fail_level(&options)) {
        true => Err(Failure::Quiet),
        false => Ok(()),
    }
}

fn is_silenced(message: &CheckMessage, settings: &Settings) -> bool {
    settings
        .silenced_checks
        .iter()
        .any(|id| id.as_str() == message.id)
}

/// Django's is ERROR in both cases; what `--deploy` asks for is an answer that a pipeline can stop at.
fn fail_level(options: &Check) -> Level {
    let usual = match options.deploy {
        true => Level::Warning,
        false => Level::Error,
    };
    options.fail_level.map_or(usual, Level::from)
}

async fn routes(settings: Settings) -> Result<Vec<RouteInfo>, Failure> {
    let door = settings::without_database(settings).await?;
    Ok(app::router(&door, &Draining::default()).routes())
}
