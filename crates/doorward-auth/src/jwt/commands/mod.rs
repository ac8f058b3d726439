//! The commands of JSON web tokens, a file each.

mod flushexpiredtokens;
mod revoke;

use crate::command::Command;

/// All of them.
pub(super) fn all() -> Vec<Command> {
    vec![revoke::command(), flushexpiredtokens::command()]
}
