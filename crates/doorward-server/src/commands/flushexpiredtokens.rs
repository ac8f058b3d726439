//! `flushexpiredtokens`: deletes expired outstanding tokens
//! (`rest_framework_simplejwt.token_blacklist.management.commands.flushexpiredtokens`).

use doorward::Door;
use doorward::command::{Command, Console, Failure, Json, Topic};
use doorward::database::Opening;
use doorward::flush::Expired;

use super::expired;

const ABOUT: &str = "Delete outstanding tokens that have expired";

pub(super) fn command() -> Command {
    Command::on_tables(
        "flushexpiredtokens",
        ABOUT,
        |_| Opening::Existing,
        |door, format: Json, console| Box::pin(run(door, format, console)),
    )
    .topic(Topic::Upkeep)
}

async fn run(door: &Door, format: Json, console: &mut Console) -> Result<(), Failure> {
    expired::delete(door, Expired::Tokens, &format, console).await
}
