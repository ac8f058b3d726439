//! The scenarios of `interop/conformance`: the tutorial beside the reference site.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Extent, Server};
use crate::report::Report;
use crate::run::{cargo, root, run};

/// Users whose keys are UUIDs; and users in a table of their own, who log in by their e-mail address.
const USERS: [&str; 2] = ["a", "c"];

/// Runs all scenarios, on files of SQLite.
pub(crate) fn compare(report: &mut Report, interpreter: &Path) {
    let built = run(&mut cargo(&["build", "--package", "tutorial"]));
    let compared = built.and_then(|()| run(&mut scenarios(interpreter)));
    report.ran("conformance, on SQLite", compared.map(|()| String::new()));
}

/// Runs a slice of the scenarios, or all of them, on databases of that server; the tutorial is built.
pub(crate) fn compare_on(report: &mut Report, interpreter: &Path, server: &Server, extent: Extent) {
    let mut scenarios = scenarios(interpreter);
    scenarios.args(["--database", &server.url]);
    if extent == Extent::Slice {
        scenarios.arg("--slice");
    }
    let step = format!("conformance, on {}", server.name);
    report.ran(&step, run(&mut scenarios).map(|()| extent.note("scenarios")));
}

/// Runs a slice of the scenarios, or all of them, on each of two user models of one's own, on files of SQLite; the tutorial is
/// built.
pub(crate) fn compare_users(report: &mut Report, interpreter: &Path, extent: Extent) {
    for users in USERS {
        let mut scenarios = scenarios(interpreter);
        scenarios.args(["--users", users]);
        if extent == Extent::Slice {
            scenarios.arg("--slice");
        }
        let step = format!("conformance, users like {users}, on SQLite");
        report.ran(&step, run(&mut scenarios).map(|()| extent.note("scenarios")));
    }
}

fn scenarios(interpreter: &Path) -> Command {
    let mut command = Command::new(interpreter);
    command.arg(root().join("interop/conformance/run.py"));
    command.arg("--python").arg(interpreter);
    command
        .arg("--candidate")
        .arg(format!("'{}' --bind 127.0.0.1:{{port}}", candidate().display()));
    command
}

fn candidate() -> PathBuf {
    root().join("target/debug/tutorial")
}
