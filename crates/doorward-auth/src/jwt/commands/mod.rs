//! The commands of JSON web tokens, a file each.

use doorward_core::command::Command;

mod flushexpiredtokens;
mod rebuild_blacklist;
mod revoke;

/// All of them.
pub(super) fn all() -> Vec<Command> {
    vec![
        revoke::command(),
        flushexpiredtokens::command(),
        rebuild_blacklist::command(),
    ]
}
