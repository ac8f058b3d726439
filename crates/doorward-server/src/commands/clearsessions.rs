//! `clearsessions`: deletes expired sessions (`django.contrib.sessions.management.commands.clearsessions`).

use doorward::Door;
use doorward::command::{Command, Console, Failure, Json, Topic};
use doorward::database::Opening;
use doorward::flush::Expired;

use super::expired;

const ABOUT: &str = "Delete sessions that have expired";

pub(super) fn command() -> Command {
    Command::on_tables(
        "clearsessions",
        ABOUT,
        |_| Opening::Existing,
        |door, format: Json, console| Box::pin(run(door, format, console)),
    )
    .topic(Topic::Upkeep)
}

async fn run(door: &Door, format: Json, console: &mut Console) -> Result<(), Failure> {
    expired::delete(door, Expired::Sessions, &format, console).await
}
