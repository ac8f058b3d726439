//! The scenarios of `interop/conformance`: the tutorial beside the reference site.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Extent, Server};
use crate::report::Report;
use crate::run::{cargo, root, run};

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
