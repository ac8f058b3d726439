//! [`Entry`]: what can be typed after the program's name. The program's own commands open by themselves what they need; those of
//! apps get a door whose tables are as they should be.

use std::fmt;
use std::sync::Arc;

use clap::{ArgMatches, Args};
use doorward::command::{self, Command, Console, Done, Failure, Topic};
use futures_util::future;

use crate::options::Common;
use crate::settings;

/// A command of this program.
pub(crate) struct Entry {
    line: clap::Command,
    topic: Topic,
    run: Box<Run>,
}

type Run = dyn for<'a> Fn(&'a ArgMatches, &'a Common, &'a mut Console) -> Done<'a> + Send + Sync;

/// The work of a command that opens by itself what it needs.
type Work<A> = for<'a> fn(&'a Common, A, &'a mut Console) -> Done<'a>;

impl Entry {
    /// A command with the options `A` that opens by itself what it needs.
    pub(crate) fn new<A: Args + 'static>(
        topic: Topic,
        name: &'static str,
        about: &'static str,
        work: Work<A>,
    ) -> Self {
        Self {
            line: command::line::<A>(name, about),
            topic,
            run: Box::new(
                move |matches, common, console| match A::from_arg_matches(matches) {
                    Ok(options) => work(common, options, console),
                    Err(error) => Box::pin(future::ready(Err(error.into()))),
                },
            ),
        }
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        self.line.get_name()
    }

    /// What `--help` tells of it, and how its options are read.
    pub(crate) fn line(&self) -> &clap::Command {
        &self.line
    }

    /// Which commands it is listed with.
    pub(crate) fn topic(&self) -> Topic {
        self.topic
    }

    /// Does its work with the options that were typed.
    pub(crate) async fn run(
        &self,
        matches: &ArgMatches,
        common: &Common,
        console: &mut Console,
    ) -> Result<(), Failure> {
        (self.run)(matches, common, console).await
    }
}

impl From<Command> for Entry {
    fn from(command: Command) -> Self {
        let command = Arc::new(command);
        Self {
            line: command.line().clone(),
            topic: command.listed_with(),
            run: Box::new(move |matches, common, console| {
                let command = Arc::clone(&command);
                Box::pin(async move { on_tables(&command, matches, common, console).await })
            }),
        }
    }
}

async fn on_tables(
    command: &Command,
    matches: &ArgMatches,
    common: &Common,
    console: &mut Console,
) -> Result<(), Failure> {
    let door = settings::open_tables(common, command.opening(matches)?).await?;
    let done = command.run(matches, &door, console).await;
    door.database().close().await;
    done
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&self.name()).finish()
    }
}
