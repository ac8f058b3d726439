//! `new`: makes a crate of one's own (`django-admin startproject`).

mod files;
mod name;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use doorward::command::{Console, Failure, Topic};
use doorward::django::secret::Secret;
use doorward::keys::Draft;
use futures_util::future;

use crate::entry::Entry;
use crate::options::Common;
use files::{Dependencies, File, Holds};
use name::CrateName;

const ABOUT: &str = "Make a crate of one's own: a small API that builds, runs and is tested";

pub(super) fn entry() -> Entry {
    Entry::new(
        Topic::Project,
        "new",
        ABOUT,
        |_: &Common, options: New, console| Box::pin(future::ready(run(&options, console))),
    )
}

#[derive(Debug, Args)]
struct New {
    /// What the crate is called; it is made in a folder of that name.
    #[arg(value_name = "NAME")]
    name: String,
    /// Take Doorward from this clone of it, and not from crates.io.
    #[arg(long, value_name = "FOLDER")]
    path_dependencies: Option<PathBuf>,
}

fn run(options: &New, console: &mut Console) -> Result<(), Failure> {
    let name = CrateName::parse(&options.name).map_err(|problem| refused(&options.name, &problem))?;
    let dependencies = match &options.path_dependencies {
        Some(folder) => Dependencies::in_folder(folder)
            .map_err(|problem| refused(&format!("--path-dependencies {}", folder.display()), &problem))?,
        None => Dependencies::published(),
    };
    let folder = Path::new(name.as_str());
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => refused(name.as_str(), "it exists already; nothing was changed"),
        _ => Failure::command(format!("{}: {error}", folder.display())),
    };
    fs::create_dir(folder).map_err(failed)?;
    for file in files::all(&name, &dependencies) {
        make(folder, &file).map_err(failed)?;
    }
    tell(&name, console)
}

fn make(folder: &Path, file: &File) -> io::Result<()> {
    let path = folder.join(file.path);
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    match file.holds {
        Holds::Text => fs::write(path, &file.text),
        Holds::Secret => Draft::write(&path, &Secret::new(file.text.clone()))?.publish(&path),
    }
}

fn tell(name: &CrateName, console: &mut Console) -> Result<(), Failure> {
    let name = name.as_str();
    console.say(format_args!("Made {name}/. Go on with\n"))?;
    console.say(format_args!("  cd {name}"))?;
    console.say("  cargo run       # on http://127.0.0.1:8000; README.md says how to call it")?;
    console.say("  cargo test")
}

fn refused(what: &str, problem: &str) -> Failure {
    Failure::command(format!("{}: {problem}", what.escape_debug()))
}
