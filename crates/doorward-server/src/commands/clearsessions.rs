//! `clearsessions`: deletes expired sessions (`django.contrib.sessions.management.commands.clearsessions`).

use doorward::Doorward;
use doorward::flush::Expired;

use super::expired;
use crate::command_line::Json;
use crate::console::Console;
use crate::failure::Failure;

pub(super) async fn run(door: &Doorward, format: &Json, console: &mut Console) -> Result<(), Failure> {
    expired::delete(door, Expired::Sessions, format, console).await
}
