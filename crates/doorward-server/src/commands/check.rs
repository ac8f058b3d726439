//! `check`: whether the site could be served, and with `--deploy` whether it should be on the internet
//! (`django.core.management.commands.check`).

mod files;
mod table;

use std::cmp::Reverse;

use doorward::Doorward;
use doorward::checks::{self, CheckMessage, Level};
use doorward::django::secret::Secret;
use doorward::router::RouteInfo;
use doorward::serve::Draining;
use doorward::settings::Settings;

use crate::app;
use crate::command_line::{Check, Common};
use crate::console::Console;
use crate::failure::Failure;
use crate::settings;

const MIGRATE: &str = "run `doorward migrate`";

/// Settings that are impossible end it before anything is checked, with 2, as they end every command.
pub(super) async fn run(common: &Common, options: &Check, console: &mut Console) -> Result<(), Failure> {
    let settings = settings::load(common)?;
    let mut found: Vec<CheckMessage> = database(&settings).await.into_iter().collect();
    if options.deploy {
        found.extend(checks::deploy(&settings, &routes(settings.clone()).await?));
        found.extend(files::check(common, &settings)?);
    }
    found.sort_by_key(|message| Reverse(message.level));
    table::show(&found, &options.format, console)?;
    match found.iter().any(|message| message.level >= fail_level(options)) {
        true => Err(Failure::Quiet),
        false => Ok(()),
    }
}

/// Django's is ERROR in both cases; what `--deploy` asks for is an answer that a pipeline can stop at.
fn fail_level(options: &Check) -> Level {
    let usual = match options.deploy {
        true => Level::Warning,
        false => Level::Error,
    };
    options.fail_level.map_or(usual, Level::from)
}

/// Whether the database can be reached and has every table. A file that does not exist is not made.
async fn database(settings: &Settings) -> Option<CheckMessage> {
    let missing = files::database(settings).filter(|path| !path.exists());
    if let Some(path) = missing {
        let message = format!("there is no database file {}", path.display());
        return Some(CheckMessage::new("doorward.E001", Level::Error, message, MIGRATE));
    }
    match unapplied(settings.clone()).await {
        Ok(0) => None,
        Ok(count) => {
            let message = format!("{count} migration(s) are not applied");
            Some(CheckMessage::new("doorward.E002", Level::Error, message, MIGRATE))
        }
        Err(error) => {
            let hint = "see that `database.url` is right, and that this user may read and write there";
            Some(CheckMessage::new(
                "doorward.E001",
                Level::Error,
                error.to_string(),
                hint,
            ))
        }
    }
}

async fn unapplied(settings: Settings) -> doorward::Result<usize> {
    let door = Doorward::from_settings(settings).await?;
    Ok(door.migrator().plan().await?.steps().len())
}

/// The routes do not depend on the database, which may be away: one in memory will do.
async fn routes(mut settings: Settings) -> Result<Vec<RouteInfo>, Failure> {
    settings.database.url = Secret::new("sqlite::memory:".to_owned());
    let door = Doorward::from_settings(settings).await?;
    Ok(app::router(&door, &Draining::default()).routes())
}
