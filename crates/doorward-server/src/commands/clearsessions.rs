//! `clearsessions`: deletes expired sessions (`django.contrib.sessions.management.commands.clearsessions`).

use doorward::Doorward;
use doorward::database::Opening;
use doorward::flush::Expired;

use super::expired;
use crate::command::Command;
use crate::console::Console;
use crate::failure::Failure;
use crate::options::Json;

const ABOUT: &str = "Delete sessions that have expired";

pub(super) fn command() -> Command {
    Command::on_tables(
        "clearsessions",
        ABOUT,
        |_| Opening::Existing,
        |door, format: Json, console| Box::pin(run(door, format, console)),
    )
}

async fn run(door: &Doorward, format: Json, console: &mut Console) -> Result<(), Failure> {
    expired::delete(door, Expired::Sessions, &format, console).await
}
