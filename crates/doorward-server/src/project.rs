//! [`Project`]: a project's own program (`manage.py`).

use doorward::app::{App, Apps};

use crate::command::Command;
use crate::commands;

/// What a project's program has besides what [`run`](crate::run) has: apps, and commands.
#[derive(Debug)]
#[must_use = "a project does nothing unless its program runs"]
pub struct Project {
    pub(crate) apps: Apps,
    pub(crate) commands: Vec<Command>,
}

impl Project {
    pub(crate) fn new() -> Self {
        Self {
            apps: Apps::new(),
            commands: commands::all(),
        }
    }

    /// With one more app, after those before it: its section may be set, `migrate` makes its tables, `runserver` serves its
    /// endpoints and does its chores, `check` asks its checks.
    pub fn app<A: App>(self) -> Self {
        Self {
            apps: self.apps.app::<A>(),
            ..self
        }
    }

    /// With one more command, in place of one of that name.
    pub fn command(mut self, command: Command) -> Self {
        let name = command.line().get_name().to_owned();
        self.commands.retain(|known| known.line().get_name() != name);
        self.commands.push(command);
        self
    }
}
