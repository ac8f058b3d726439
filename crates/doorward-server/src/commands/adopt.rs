//! `adopt --check`: whether Doorward could stand on the database of a Django project, tried on what is there.

mod credentials;
mod lockout;
mod login;
mod tables;
mod trial;

use clap::Args;
use comfy_table::{ContentArrangement, Table, presets};
use doorward::Doorward;
use doorward::command::{Console, Failure, Json, Topic};
use doorward::database::Opening;
use serde_json::{Value, json};

use crate::entry::Entry;
use crate::options::Common;
use crate::settings;
use trial::{Outcome, Trial};

const ABOUT: &str = "Try passwords, sessions and tokens of a Django project's database; nothing is written";

/// Where nobody says how wide a terminal is.
const WIDTH: u16 = 110;

pub(super) fn entry() -> Entry {
    Entry::new(
        Topic::Server,
        "adopt",
        ABOUT,
        |common, options: Adopt, console| Box::pin(run(common, options, console)),
    )
}

#[derive(Debug, Args)]
struct Adopt {
    /// Look only. There is nothing else that it does yet: `doorward migrate` adds Doorward's own tables.
    #[arg(long, required = true)]
    check: bool,
    #[command(flatten)]
    login: login::Login,
    #[command(flatten)]
    format: Json,
}

/// Ends with 1 where something would not work.
async fn run(common: &Common, options: Adopt, console: &mut Console) -> Result<(), Failure> {
    let login = options.login.read(console)?;
    let door = settings::open(common, Opening::ReadOnly).await?;
    let trials = trials(&door, login).await;
    door.database().close().await;
    let trials = trials?;
    match options.format.json {
        true => console.say(trials.iter().map(as_json).collect::<Value>())?,
        false => console.say(table(&trials).trim_fmt())?,
    }
    match trials.iter().any(|trial| trial.outcome == Outcome::Failed) {
        true => Err(Failure::Quiet),
        false => Ok(()),
    }
}

async fn trials(door: &Doorward, login: Option<login::Credentials>) -> Result<Vec<Trial>, Failure> {
    let mut trials = tables::trials(door).await?;
    if trials.iter().any(|trial| trial.outcome == Outcome::Failed) {
        return Ok(trials);
    }
    if let Some(login) = login {
        trials.push(login.trial(door).await?);
    }
    trials.extend(credentials::trials(door).await?);
    trials.extend(lockout::trial(door).await?);
    Ok(trials)
}

fn table(trials: &[Trial]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(["Tried", "Outcome", "What was found"]);
    if table.width().is_none() {
        table.set_width(WIDTH);
    }
    for trial in trials {
        table.add_row([trial.what, trial.outcome.as_str(), &trial.found]);
    }
    table
}

fn as_json(trial: &Trial) -> Value {
    json!({ "tried": trial.what, "outcome": trial.outcome.as_str(), "found": trial.found })
}
