//! `clearsessions`: deletes expired sessions (`django.contrib.sessions.management.commands.clearsessions`).

use doorward::Doorward;

use super::expired;
use crate::command_line::Json;
use crate::console::Console;
use crate::failure::Failure;

pub(super) async fn run(door: &Doorward, format: &Json, console: &mut Console) -> Result<(), Failure> {
    let now = door.now();
    let sessions = &door.stores().sessions;
    let deleted = expired::delete(|limit| sessions.delete_expired(now, limit)).await?;
    expired::tell(deleted, format, console)
}
