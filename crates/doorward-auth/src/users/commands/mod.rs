//! The commands that make users and give them passwords (`django.contrib.auth.management.commands`).

use doorward_core::command::Command;

mod account;
mod changepassword;
mod createsuperuser;
mod createuser;
mod email;

/// In the order in which `--help` lists them.
pub(super) fn all() -> Vec<Command> {
    vec![
        createsuperuser::command(),
        createuser::command(),
        changepassword::command(),
    ]
}
