//! The ready server and every management command: the program `doorward`.
//!
//! [`run`] is the whole program; [`app::router`] is what it serves, to be served by other programs too.

pub mod app;
mod command_line;
mod commands;
mod database_file;
mod ending;
mod entry;
mod environment;
mod health;
mod logs;
mod metrics;
mod options;
mod pages;
mod project;
mod self_signed;
mod settings;
mod terminal;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

pub use doorward::command::{Command, Console, Done, Failure, Json, WorkOnTables};
pub use project::Project;

use command_line::CommandLine;

/// Runs the program with those arguments, the first of which is its own name.
///
/// Ends with 0; 1 where a command failed; 2 where the settings or the command line are wrong.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    run_project(Project::new(), arguments, None)
}

/// The program of a project with apps of its own (`manage.py`): every command of [`run`], and those of the project.
///
/// ```no_run
/// # use doorward::app::App;
/// # fn main_<Shop: App>() -> std::process::ExitCode {
/// doorward_server::manage(|project| project.app::<Shop>())
/// # }
/// ```
pub fn manage(project: impl FnOnce(Project) -> Project) -> ExitCode {
    let name = std::env::args_os().next().and_then(|path| name(Path::new(&path)));
    run_project(project(Project::new()), std::env::args_os(), name)
}

/// What is typed to run a program, where it can stand in a sentence.
fn name(path: &Path) -> Option<String> {
    let name = path.file_stem()?.to_str()?;
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    name.chars().all(is_plain).then(|| name.to_owned())
}

fn run_project(
    project: Project,
    arguments: impl IntoIterator<Item = OsString>,
    name: Option<String>,
) -> ExitCode {
    let mut console = terminal::console(name);
    let done = start(project, arguments, &mut console);
    done.map_or_else(
        |failure| ending::fail(&mut console, &failure),
        |()| ExitCode::SUCCESS,
    )
}

fn start(
    project: Project,
    arguments: impl IntoIterator<Item = OsString>,
    console: &mut Console,
) -> Result<(), Failure> {
    let apps = project.apps.clone();
    let entries = project.entries();
    let mut command_line = CommandLine::parse(&entries, arguments)?;
    command_line.common.apps = apps;
    logs::start(command_line.common.log.as_deref())?;
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::command(format!("cannot start the runtime: {error}")))?;
    runtime.block_on(command_line.run(console))
}
