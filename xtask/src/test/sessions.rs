//! Sessions wherever a project keeps them, and local times: Django and Doorward side by side.

use std::path::Path;
use std::process::Command;

use super::{Server, redis};
use crate::report::Report;
use crate::run::{root, run};

/// What touches the database.
const ON_SERVERS: [&str; 2] = ["db", "db, Europe/Paris"];

/// Every way to keep sessions, on files of SQLite; the program is built.
pub(crate) fn compare(report: &mut Report, interpreter: &Path) {
    let redis = redis::Server::start();
    let mut script = script(interpreter);
    if let Some(server) = &redis {
        script.args(["--redis", &server.url()]);
    }
    let told = match redis {
        Some(_) => "nine ways",
        None => "three ways, for want of a Redis",
    };
    let compared = run(&mut script);
    report.ran("sessions, on SQLite", compared.map(|()| told.to_owned()));
}

/// In the table, with local times and without, on databases of that server.
pub(crate) fn compare_on(report: &mut Report, interpreter: &Path, server: &Server) {
    let mut script = script(interpreter);
    script.args(["--database", &server.url]).args(ON_SERVERS);
    let step = format!("sessions, on {}", server.name);
    report.ran(&step, run(&mut script).map(|()| "two ways".to_owned()));
}

fn script(interpreter: &Path) -> Command {
    let mut command = Command::new(interpreter);
    command.arg(root().join("interop/sessions/side_by_side.py"));
    command
        .arg("--doorward")
        .arg(root().join("target/debug/doorward"));
    command.arg("--python").arg(interpreter);
    command
}
