//! `flushexpiredtokens`: deletes expired outstanding tokens
//! (`rest_framework_simplejwt.token_blacklist.management.commands.flushexpiredtokens`).

use doorward_core::command::{Command, Json, Topic};
use doorward_core::expired::delete_at;
use doorward_db::Opening;

use crate::jwt::EXPIRED;

const ABOUT: &str = "Delete outstanding tokens that have expired";

pub(super) fn command() -> Command {
    Command::on_tables(
        "flushexpiredtokens",
        ABOUT,
        |_| Opening::Existing,
        |door, format: Json, console| Box::pin(delete_at(console, door, EXPIRED, format)),
    )
    .topic(Topic::Upkeep)
}
