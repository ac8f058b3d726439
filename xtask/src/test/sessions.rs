//! Sessions wherever a project keeps them, and local times: Django and Doorward side by side.

use std::path::Path;
use std::process::Command;

use super::redis;
use crate::report::Report;
use crate::run::{root, run};

/// All ways on SQLite; of those, two on PostgreSQL where there is one.
pub(crate) fn compare(report: &mut Report, interpreter: &Path, postgres: Option<&str>) {
    let redis = redis::Server::start();
    let mut script = script(interpreter);
    if let Some(server) = &redis {
        script.args(["--redis", &server.url()]);
    }
    let told = match redis {
        Some(_) => "nine ways",
        None => "three ways, for want of a Redis",
    };
    report.ran(
        "sessions of every engine",
        run(&mut script).map(|()| told.to_owned()),
    );
    if let Some(server) = postgres {
        let mut script = self::script(interpreter);
        script.args([
            "--database",
            &format!("{server}/postgres"),
            "db",
            "db, Europe/Paris",
        ]);
        report.ran(
            "sessions and local times, PostgreSQL",
            run(&mut script).map(|()| "two ways".to_owned()),
        );
    }
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
