//! Sessions wherever a project keeps them, and local times: Django and Doorward side by side.

use std::path::Path;
use std::process::Command;

use super::{Extent, Server, redis};
use crate::report::Report;
use crate::run::{root, run};

/// What touches the database.
const ON_SERVERS: [&str; 3] = ["db", "db, Europe/Paris", "cached_db, America/Los_Angeles"];

/// Those of the slice: each takes half a minute.
const SLICE: [&str; 2] = ["signed_cookies", "cached_db, RedisCache"];

/// The ways to keep sessions, on files of SQLite; the program is built.
pub(crate) fn compare(report: &mut Report, interpreter: &Path, extent: Extent) {
    let redis = redis::Server::start();
    let mut script = script(interpreter);
    if extent == Extent::Slice {
        script.args(SLICE);
    }
    if let Some(server) = &redis {
        script.args(["--redis", &server.url()]);
    }
    let compared = run(&mut script);
    report.ran(
        "sessions, on SQLite",
        compared.map(|()| extent.note("ways to keep them")),
    );
}

/// In the table, with local times and without, on databases of that server.
pub(crate) fn compare_on(report: &mut Report, interpreter: &Path, server: &Server) {
    let redis = redis::Server::start();
    let mut script = script(interpreter);
    script.args(["--database", &server.url]).args(ON_SERVERS);
    if let Some(redis) = &redis {
        script.args(["--redis", &redis.url()]);
    }
    let step = format!("sessions, on {}", server.name);
    report.ran(&step, run(&mut script).map(|()| "those that touch it".to_owned()));
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
