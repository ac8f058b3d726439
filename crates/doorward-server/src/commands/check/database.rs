//! The database: whether it can be reached, has every table as it should be, and can be written. Nothing is changed
//! there, and no file is made.

use doorward::checks::{CheckMessage, Level};
use doorward::database::{DatabaseError, Opening};
use doorward::feed::{self, FeedProblem};
use doorward::local_times::LocalTimes;
use doorward::migrations::{MigrateError, Problem};
use doorward::settings::{FeedUse, Settings};
use doorward::{Doorward, Error, with_causes};

use crate::database_file;

pub(super) async fn check(settings: &Settings) -> Vec<CheckMessage> {
    let mut found = tables(settings)
        .await
        .unwrap_or_else(|error| vec![unreachable(&error)]);
    found.extend(not_writable(settings));
    found
}

async fn tables(settings: &Settings) -> Result<Vec<CheckMessage>, Error> {
    let door = Doorward::from_settings_for(settings.clone(), Opening::ReadOnly, |builder| builder).await?;
    let migrator = door.migrator();
    let problems = migrator.problems().await?;
    let stopped = problems.iter().any(Problem::stops);
    let mut found: Vec<_> = problems.iter().map(problem).collect();
    match migrator.plan().await {
        Ok(plan) if !stopped && !plan.steps().is_empty() => {
            let message = format!("{} migration(s) are not applied", plan.steps().len());
            found.push(CheckMessage::new(
                "doorward.E002",
                Level::Error,
                message,
                "run `doorward migrate`",
            ));
        }
        Err(MigrateError::Refused(problems)) if !stopped => {
            found.extend(problems.iter().map(problem));
        }
        Ok(_) | Err(MigrateError::Refused(_)) => {}
        Err(error) => return Err(error.into()),
    }
    if found.is_empty() {
        found.extend(door.local_times().await?.as_ref().map(local_times));
        found.extend(feed_is_missing(&door).await?);
    }
    Ok(found)
}

/// Where the settings say that the feed is there, and it does not see every change.
async fn feed_is_missing(door: &Doorward) -> Result<Option<CheckMessage>, Error> {
    let cache = &door.settings().cache;
    if !cache.enabled || cache.feed != FeedUse::On {
        return Ok(None);
    }
    let problem = match feed::status(door.database(), &door.schema().user).await {
        Ok(_) => return Ok(None),
        Err(FeedProblem::Database(error)) => return Err(error.into()),
        Err(problem) => problem,
    };
    let message = format!("`cache.feed` is `on`, and {problem}");
    let hint = problem.advice().unwrap_or("set `cache.feed` to `auto`");
    Ok(Some(CheckMessage::new(
        "doorward.E006",
        Level::Error,
        message,
        hint,
    )))
}

fn local_times(evidence: &LocalTimes) -> CheckMessage {
    let message = format!(
        "Django seems to keep local times in this database (`USE_TZ = False`) that are not those of `database.time_zone`: \
         {evidence}"
    );
    let hint =
        "sessions end too early or too late, at either: set `database.time_zone` to TIME_ZONE of the project";
    CheckMessage::new("doorward.W015", Level::Warning, message, hint)
}

fn problem(problem: &Problem) -> CheckMessage {
    let (id, level) = match problem {
        Problem::Newer(_) => ("doorward.W020", Level::Warning),
        _ if problem.stops() => ("doorward.E004", Level::Error),
        _ => ("doorward.W014", Level::Warning),
    };
    CheckMessage::new(id, level, problem.to_string(), problem.advice())
}

fn unreachable(error: &Error) -> CheckMessage {
    const USUAL: &str = "see that `database.url` is right, and that this user may read and write there";
    let (message, hint) = match database_error(error) {
        Some(cause) => (
            with_causes(cause),
            cause.advice().unwrap_or("see that `database.url` is right"),
        ),
        None => (error.to_string(), USUAL),
    };
    CheckMessage::new("doorward.E001", Level::Error, message, hint)
}

fn database_error(error: &Error) -> Option<&DatabaseError> {
    match error {
        Error::Database(cause) | Error::Migrate(MigrateError::Database(cause)) => Some(cause),
        _ => None,
    }
}

/// Whether this process could not write there. It asks for the rights and the room, and writes nothing.
fn not_writable(settings: &Settings) -> Option<CheckMessage> {
    let path = database_file::path(settings).filter(|path| path.is_file())?;
    let problem = database_file::not_writable(&path)?;
    let hint = "until it can be written every login and every token is refused with 503";
    Some(CheckMessage::new("doorward.E005", Level::Error, problem, hint))
}
