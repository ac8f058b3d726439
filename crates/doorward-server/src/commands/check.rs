//! `check`: whether the site could be served, and with `--deploy` whether it should be on the internet
//! (`django.core.management.commands.check`).

mod database;
pub(crate) mod files;
mod table;

use std::cmp::Reverse;

use doorward::checks::{self, CheckMessage, Level};
use doorward::router::RouteInfo;
use doorward::serve::Draining;
use doorward::settings::Settings;

use crate::app;
use crate::command_line::{Check, Common};
use crate::console::Console;
use crate::failure::Failure;
use crate::settings;

/// Settings that are impossible end it before anything is checked, with 2, as they end every command.
pub(super) async fn run(common: &Common, options: &Check, console: &mut Console) -> Result<(), Failure> {
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
    match found.iter().any(|message| message.level >= fail_level(options)) {
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
