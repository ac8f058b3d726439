//! [`Project`]: a project's own program (`manage.py`).

use doorward::app::{App, Apps};
use doorward::command::Command;
use doorward::own_apps;

use crate::entry::Entry;
use crate::{app, commands};

/// What a project's program has besides what [`run`](crate::run) has: apps with their commands, and commands of its own.
#[derive(Debug)]
#[must_use = "a project does nothing unless its program runs"]
pub struct Project {
    pub(crate) apps: Apps,
    commands: Vec<Command>,
}

impl Project {
    pub(crate) fn new() -> Self {
        Self {
            apps: app::apps(),
            commands: Vec::new(),
        }
    }

    /// With one more app, after those before it: its section may be set, its commands may be typed, `migrate` makes its tables,
    /// `runserver` serves its endpoints and does its chores, `check` asks its checks.
    pub fn app<A: App>(self) -> Self {
        Self {
            apps: self.apps.app::<A>(),
            ..self
        }
    }

    /// With one more command, in place of one of that name.
    pub fn command(mut self, command: Command) -> Self {
        self.commands.push(command);
        self
    }

    /// Every command of the program, in the order in which `--help` lists them. Of two with one name the later one counts: a
    /// project's before an app's, an app's before ours.
    pub(crate) fn entries(self) -> Vec<Entry> {
        let of_apps = own_apps().and(&self.apps).commands().into_iter();
        let more = of_apps.chain(self.commands).map(Entry::from);
        let mut entries = more.fold(commands::all(), |mut entries, entry| {
            entries.retain(|known| known.name() != entry.name());
            entries.push(entry);
            entries
        });
        entries.sort_by_key(Entry::topic);
        entries
    }
}

#[cfg(test)]
mod tests {
    use clap::Args;
    use doorward::command::{Done, Failure, Topic};
    use doorward::database::Opening;

    use super::*;

    #[derive(Args)]
    struct NoOptions {}

    fn command(name: &'static str) -> Command {
        let work = |_: &_, _: NoOptions, _: &mut _| -> Done<'_> { Box::pin(async { Err(Failure::Quiet) }) };
        Command::on_tables(name, "Of the project", |_| Opening::Existing, work)
    }

    fn names(project: Project) -> Vec<String> {
        let entries = project.entries();
        entries.iter().map(|entry| entry.name().to_owned()).collect()
    }

    #[test]
    fn commands_are_listed_by_topic() {
        let ours = names(Project::new());
        let more = Project::new()
            .command(command("import"))
            .command(command("sweep").topic(Topic::Upkeep));
        let more = names(more);
        assert_eq!(more.last().map(String::as_str), Some("import"));
        let place = |name: &str| more.iter().position(|known| known == name);
        assert!(place("clearsessions") < place("sweep") && place("sweep") < place("check"));
        assert_eq!(more.len(), ours.len() + 2);
    }

    #[test]
    fn a_command_stands_in_for_one_of_its_name() {
        let project = Project::new().command(command("migrate"));
        assert_eq!(names(project).len(), names(Project::new()).len());
    }
}
