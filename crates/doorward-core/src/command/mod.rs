//! [`Command`]: what can be typed after the program's name, as a value. A command is a file in `commands/`: its line, its options, its
//! work.

use std::fmt;

use clap::{ArgMatches, Args};
use doorward::Doorward;
use doorward::database::Opening;
use futures_util::future::{self, BoxFuture};

use crate::console::Console;
use crate::failure::Failure;
use crate::options::Common;
use crate::settings;

/// How a command ends.
pub type Done<'a> = BoxFuture<'a, Result<(), Failure>>;

/// A command: its name, its options and its work.
///
/// ```
/// use clap::Args;
/// use doorward::Doorward;
/// use doorward::database::Opening;
/// use doorward_server::{Command, Console, Failure};
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
/// async fn run(door: &Doorward, greet: Greet, console: &mut Console) -> Result<(), Failure> {
///     let rows = door.database().fetch_all("SELECT id FROM auth_user", []).await?;
///     console.say(format_args!("Hello {}, there are {} of us.", greet.name, rows.len()))
/// }
/// ```
pub struct Command {
    line: clap::Command,
    run: Box<Run>,
}

type Run = dyn for<'a> Fn(&'a ArgMatches, &'a Common, &'a mut Console) -> Done<'a> + Send + Sync;

/// The work of a command that opens by itself what it needs.
type Work<A> = for<'a> fn(&'a Common, A, &'a mut Console) -> Done<'a>;

/// The work of a command on a database.
pub type WorkOnTables<A> = for<'a> fn(&'a Doorward, A, &'a mut Console) -> Done<'a>;

impl Command {
    /// A command with the options `A` that opens by itself what it needs.
    pub(crate) fn new<A: Args + 'static>(name: &'static str, about: &'static str, work: Work<A>) -> Self {
        Self {
            line: line::<A>(name, about),
            run: Box::new(
                move |matches, common, console| match A::from_arg_matches(matches) {
                    Ok(options) => work(common, options, console),
                    Err(error) => refused(error),
                },
            ),
        }
    }

    /// A command with the options `A` on a database whose tables must all be as they should be; `opening` is what it may do to that.
    pub fn on_tables<A: Args + Send + 'static>(
        name: &'static str,
        about: &'static str,
        opening: fn(&A) -> Opening,
        work: WorkOnTables<A>,
    ) -> Self {
        Self {
            line: line::<A>(name, about),
            run: Box::new(
                move |matches, common, console| match A::from_arg_matches(matches) {
                    Ok(options) => Box::pin(async move {
                        let door = settings::open(common, opening(&options)).await?;
                        let done = match settings::require_tables(&door).await {
                            Ok(()) => work(&door, options, console).await,
                            Err(failure) => Err(failure),
                        };
                        door.database().close().await;
                        done
                    }),
                    Err(error) => refused(error),
                },
            ),
        }
    }

    /// With one more name.
    #[must_use]
    pub fn alias(mut self, alias: &'static str) -> Self {
        self.line = self.line.visible_alias(alias);
        self
    }

    /// What `--help` tells of it, and how its options are read.
    pub(crate) fn line(&self) -> &clap::Command {
        &self.line
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

fn line<A: Args>(name: &'static str, about: &'static str) -> clap::Command {
    A::augment_args(clap::Command::new(name))
        .about(about)
        .long_about(None)
}

fn refused<'a>(error: clap::Error) -> Done<'a> {
    Box::pin(future::ready(Err(error.into())))
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Command").field(&self.line.get_name()).finish()
    }
}
