//! `feed`: the triggers that let a server see at once who was revoked.

use clap::{Args, Subcommand};
use doorward::Doorward;
use doorward::command::{Console, Failure, Json, Topic};
use doorward::database::{Dialect, Opening};
use doorward::feed::{self, FeedProblem, Status};
use serde_json::{Value, json};

use crate::entry::Entry;
use crate::options::Common;
use crate::settings;

const ABOUT: &str = "Install the change feed, by which a revocation is seen at once, or take it away";

pub(super) fn entry() -> Entry {
    Entry::new(Topic::Server, "feed", ABOUT, |common, options: Feed, console| {
        Box::pin(run(common, options, console))
    })
}

/// The change feed: triggers on the tables that say who is let in, and a table into which they write what changed.
#[derive(Debug, Args)]
struct Feed {
    #[command(subcommand)]
    command: FeedCommand,
}

#[derive(Debug, Subcommand)]
enum FeedCommand {
    /// Install it, or install it again where a migration took triggers away.
    Install(Install),
    /// Take it away, with all that it added.
    Uninstall,
    /// Tell whether it sees every change; end with 1 where it does not.
    Status(Json),
}

#[derive(Clone, Copy, Debug, Args)]
struct Install {
    /// Change nothing; print the statements for whoever may run them.
    #[arg(long)]
    print_sql: bool,
}

impl FeedCommand {
    fn opening(&self) -> Opening {
        match self {
            Self::Install(Install { print_sql: false }) | Self::Uninstall => Opening::Existing,
            Self::Install(_) | Self::Status(_) => Opening::ReadOnly,
        }
    }
}

async fn run(common: &Common, options: Feed, console: &mut Console) -> Result<(), Failure> {
    let door = settings::open(common, options.command.opening()).await?;
    let done = on_door(&door, &options.command, console).await;
    door.database().close().await;
    done
}

async fn on_door(door: &Doorward, command: &FeedCommand, console: &mut Console) -> Result<(), Failure> {
    let (database, user) = (door.database(), &door.schema().user);
    match command {
        FeedCommand::Install(Install { print_sql: true }) => print(door, console).await,
        FeedCommand::Install(_) => {
            feed::install(database, user).await?;
            console.say("The change feed is installed.")
        }
        FeedCommand::Uninstall => {
            feed::uninstall(database).await?;
            console.say("The change feed is gone, with all that it added.")
        }
        FeedCommand::Status(format) => tell(feed::status(database, user).await, *format, console),
    }
}

/// As one transaction, for `psql` and its like.
async fn print(door: &Doorward, console: &mut Console) -> Result<(), Failure> {
    let statements = feed::install_sql(door.database(), &door.schema().user).await?;
    // A body holds `;`, by which the clients of MariaDB would cut it; each statement commits by itself there.
    let (begin, end, commit) = match door.database().dialect() {
        Dialect::MariaDb => ("DELIMITER //", "//", "DELIMITER ;"),
        _ => ("BEGIN;", ";", "COMMIT;"),
    };
    console.say(begin)?;
    for statement in statements {
        console.say(format_args!("{statement}{end}"))?;
    }
    console.say(commit)
}

fn tell(status: Result<Status, FeedProblem>, format: Json, console: &mut Console) -> Result<(), Failure> {
    if let Err(FeedProblem::Database(error)) = status {
        return Err(error.into());
    }
    match format.json {
        true => console.say(as_json(&status))?,
        false => console.say(in_words(&status))?,
    }
    status.map(drop).map_err(|_| Failure::Quiet)
}

fn in_words(status: &Result<Status, FeedProblem>) -> String {
    match status {
        Ok(Status { rows }) => {
            format!("The change feed sees every change. Rows that are kept for now: {rows}.")
        }
        Err(problem) => match problem.advice() {
            Some(advice) => format!("{problem}; {advice}"),
            None => problem.to_string(),
        },
    }
}

fn as_json(status: &Result<Status, FeedProblem>) -> Value {
    let sensors = |problem: &FeedProblem| match problem {
        FeedProblem::Blind(sensors) => sensors.iter().map(ToString::to_string).collect(),
        other => vec![other.to_string()],
    };
    let is_installed = !matches!(status, Err(FeedProblem::NotInstalled));
    match status {
        Ok(Status { rows }) => {
            json!({ "installed": true, "sees_everything": true, "rows": rows, "problems": [] })
        }
        Err(problem) => json!({
            "installed": is_installed,
            "sees_everything": false,
            "rows": null,
            "problems": sensors(problem),
        }),
    }
}
