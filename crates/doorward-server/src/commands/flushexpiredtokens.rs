//! `flushexpiredtokens`: deletes expired outstanding tokens
//! (`rest_framework_simplejwt.token_blacklist.management.commands.flushexpiredtokens`).

use doorward::Doorward;
use doorward::flush::Expired;

use super::expired;
use crate::command_line::Json;
use crate::console::Console;
use crate::failure::Failure;

pub(super) async fn run(door: &Doorward, format: &Json, console: &mut Console) -> Result<(), Failure> {
    expired::delete(door, Expired::Tokens, format, console).await
}
