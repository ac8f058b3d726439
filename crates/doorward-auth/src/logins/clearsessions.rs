//! `clearsessions`: deletes expired sessions (`django.contrib.sessions.management.commands.clearsessions`).

use doorward_core::command::{Command, Json, Topic};
use doorward_core::expired::delete_at;
use doorward_db::Opening;

use super::EXPIRED;

const ABOUT: &str = "Delete sessions that have expired";

pub(super) fn command() -> Command {
    Command::on_tables(
        "clearsessions",
        ABOUT,
        |_| Opening::Existing,
        |door, format: Json, console| Box::pin(delete_at(console, door, EXPIRED, format)),
    )
    .topic(Topic::Upkeep)
}
