//! `flushexpiredtokens`: deletes expired outstanding tokens
//! (`rest_framework_simplejwt.token_blacklist.management.commands.flushexpiredtokens`).

use doorward::Doorward;

use super::expired;
use crate::command_line::Json;
use crate::console::Console;
use crate::failure::Failure;

pub(super) async fn run(door: &Doorward, format: &Json, console: &mut Console) -> Result<(), Failure> {
    let ended = door.tokens().ended(door.now());
    let tokens = &door.stores().outstanding_tokens;
    let deleted = expired::delete(|limit| tokens.delete_expired(ended, limit)).await?;
    expired::tell(deleted, format, console)
}
