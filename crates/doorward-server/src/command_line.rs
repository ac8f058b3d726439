//! [`CommandLine`]: what was typed after `doorward`.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, FromArgMatches};

use crate::entry::Entry;
use crate::options::Common;
use doorward::command::{Console, Failure};

/// Django's accounts, sessions and tokens: a ready server, and commands to manage it.
const ABOUT: &str = "Django's accounts, sessions and tokens: a ready server, and commands to manage it";

/// What runs where no command is named.
const DEFAULT: &str = "runserver";

/// A command line that names one of the known commands.
pub(crate) struct CommandLine<'c> {
    pub(crate) common: Common,
    entry: &'c Entry,
    matches: ArgMatches,
}

impl<'c> CommandLine<'c> {
    /// Reads what was typed; the first of the arguments is the program's own name.
    ///
    /// # Errors
    /// What is told to the person who typed it: help, the version, or a mistake.
    pub(crate) fn parse(
        entries: &'c [Entry],
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Self, clap::Error> {
        let mut whole = program(entries);
        let matches = whole.try_get_matches_from_mut(arguments)?;
        let common = Common::from_arg_matches(&matches)?;
        let name = matches.subcommand_name().unwrap_or(DEFAULT);
        let entry = entries.iter().find(|entry| entry.name() == name);
        let unknown = || {
            whole.error(
                ErrorKind::InvalidSubcommand,
                format!("there is no command `{name}`"),
            )
        };
        let entry = entry.ok_or_else(unknown)?;
        Ok(Self {
            common,
            entry,
            matches: match matches.subcommand() {
                Some((_, matches)) => matches.clone(),
                None => entry.line().clone().try_get_matches_from([DEFAULT])?,
            },
        })
    }

    /// Runs the command.
    pub(crate) async fn run(&self, console: &mut Console) -> Result<(), Failure> {
        self.entry.run(&self.matches, &self.common, console).await
    }
}

fn program(entries: &[Entry]) -> clap::Command {
    let line = clap::Command::new("doorward")
        .version(env!("CARGO_PKG_VERSION"))
        .propagate_version(true)
        .max_term_width(100);
    let line = Common::augment_args(line).about(ABOUT).long_about(None);
    line.subcommands(entries.iter().map(|entry| entry.line().clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ending::tip;
    use crate::project::Project;

    fn parse<'c>(entries: &'c [Entry], typed: &[&str]) -> Result<CommandLine<'c>, clap::Error> {
        CommandLine::parse(entries, typed.iter().map(OsString::from))
    }

    #[test]
    fn the_command_line_is_sound() {
        program(&Project::new().entries()).debug_assert();
    }

    #[test]
    fn options_may_stand_before_and_after_the_command() {
        let entries = Project::new().entries();
        let before = ["doorward", "--config", "a.toml", "migrate", "--check"];
        let after = ["doorward", "migrate", "--check", "--config", "a.toml"];
        for arguments in [before, after] {
            let line = parse(&entries, &arguments).unwrap();
            assert_eq!(line.common.config, Some("a.toml".into()));
            assert_eq!(line.entry.name(), "migrate");
            assert!(line.matches.get_flag("check"));
        }
    }

    #[test]
    fn without_a_command_the_server_runs() {
        let entries = Project::new().entries();
        let line = parse(&entries, &["doorward", "--config", "a.toml"]).unwrap();
        assert_eq!(line.entry.name(), DEFAULT);
        assert_eq!(line.common.config, Some("a.toml".into()));
    }

    #[test]
    fn who_looks_for_a_port_is_told_where_it_goes() {
        let entries = Project::new().entries();
        for arguments in [
            &["doorward", "runserver", "--port", "8001"][..],
            &["doorward", "--port=8001"],
            &["doorward", "runserver", "-p", "8001"],
            &["doorward", "runserver", "--host", "0.0.0.0"],
        ] {
            let error = parse(&entries, arguments).err().unwrap();
            assert!(
                tip(&error).unwrap().contains("ADDR:PORT"),
                "{arguments:?}: {error}"
            );
        }
        let other = parse(&entries, &["doorward", "runserver", "--prot"])
            .err()
            .unwrap();
        assert_eq!(tip(&other), None);
    }
}
