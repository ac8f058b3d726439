//! [`Command`]: what can be typed after the name of a site's program, as a value (`django.core.management.base.BaseCommand`).
//!
//! An app brings its commands ([`App::commands`](crate::app::App::commands)); a program runs them beside its own. What they say and
//! ask goes through a [`Console`], which stands on the [`Terminal`] of the program.

mod console;
mod failure;
mod json;
mod progress;
mod terminal;
mod topic;

use std::fmt;

use clap::{ArgMatches, Args};
use doorward_db::Opening;
use futures_util::future::{self, BoxFuture};

pub use console::Console;
pub use failure::Failure;
pub use json::Json;
pub use progress::Progress;
pub use terminal::Terminal;
pub use topic::Topic;

use crate::door::Door;

/// How a command ends.
pub type Done<'a> = BoxFuture<'a, Result<(), Failure>>;

/// A command: its name, its options and its work.
///
/// ```
/// use clap::Args;
/// use doorward_core::Door;
/// use doorward_core::command::{Command, Console, Failure};
/// use doorward_db::Opening;
///
/// #[derive(Args)]
/// struct Greet {
///     /// Whom.
///     name: String,
/// }
///
/// fn command() -> Command {
///     let about = "Greet somebody, with the number of users";
///     Command::on_tables("greet", about, |_| Opening::ReadOnly, |door, greet, console| {
///         Box::pin(run(door, greet, console))
///     })
/// }
///
/// async fn run(door: &Door, greet: Greet, console: &mut Console) -> Result<(), Failure> {
///     let rows = door.database()?.fetch_all("SELECT id FROM auth_user", []).await?;
///     console.say(format_args!("Hello {}, there are {} of us.", greet.name, rows.len()))
/// }
/// ```
pub struct Command {
    line: clap::Command,
    topic: Topic,
    opening: Box<OpeningOf>,
    run: Box<Run>,
}

type OpeningOf = dyn Fn(&ArgMatches) -> Result<Opening, clap::Error> + Send + Sync;

type Run = dyn for<'a> Fn(&ArgMatches, &'a Door, &'a mut Console) -> Done<'a> + Send + Sync;

/// The work of a command on a database.
pub type WorkOnTables<A> = for<'a> fn(&'a Door, A, &'a mut Console) -> Done<'a>;

impl Command {
    /// A command with the options `A` on a database whose tables must all be as they should be; `opening` is what it may do to that.
    pub fn on_tables<A: Args + 'static>(
        name: &'static str,
        about: &'static str,
        opening: fn(&A) -> Opening,
        work: WorkOnTables<A>,
    ) -> Self {
        Self {
            line: line::<A>(name, about),
            topic: Topic::default(),
            opening: Box::new(move |matches| A::from_arg_matches(matches).map(|options| opening(&options))),
            run: Box::new(move |matches, door, console| match A::from_arg_matches(matches) {
                Ok(options) => work(door, options, console),
                Err(error) => refused(error),
            }),
        }
    }

    /// With one more name.
    #[must_use]
    pub fn alias(mut self, alias: &'static str) -> Self {
        self.line = self.line.visible_alias(alias);
        self
    }

    /// Listed by `--help` among the commands on that topic.
    #[must_use]
    pub fn topic(self, topic: Topic) -> Self {
        Self { topic, ..self }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.line.get_name()
    }

    /// What `--help` tells of it, and how its options are read.
    #[must_use]
    pub fn line(&self) -> &clap::Command {
        &self.line
    }

    /// Which commands it is listed with.
    #[must_use]
    pub fn listed_with(&self) -> Topic {
        self.topic
    }

    /// What it may do to the database, with the options that were typed.
    ///
    /// # Errors
    /// Options that cannot be read.
    pub fn opening(&self, matches: &ArgMatches) -> Result<Opening, Failure> {
        Ok((self.opening)(matches)?)
    }

    /// Does its work with the options that were typed.
    ///
    /// # Errors
    /// Options that cannot be read, and what the command could not do.
    pub async fn run(&self, matches: &ArgMatches, door: &Door, console: &mut Console) -> Result<(), Failure> {
        (self.run)(matches, door, console).await
    }
}

/// What `--help` tells of a command with the options `A`, and how they are read.
#[must_use]
pub fn line<A: Args>(name: &'static str, about: &'static str) -> clap::Command {
    A::augment_args(clap::Command::new(name))
        .about(about)
        .long_about(None)
}

fn refused<'a>(error: clap::Error) -> Done<'a> {
    Box::pin(future::ready(Err(error.into())))
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Command").field(&self.name()).finish()
    }
}
