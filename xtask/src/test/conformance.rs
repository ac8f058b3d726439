//! The scenarios of `interop/conformance`: the tutorial beside the reference site.

use std::path::Path;
use std::process::Command;

use crate::report::Report;
use crate::run::{cargo, root, run};

/// Runs all scenarios, on databases of a PostgreSQL too where there is one.
pub(crate) fn compare(report: &mut Report, interpreter: &Path, postgres: Option<&str>) {
    let candidate = root().join("target/debug/tutorial");
    let built = run(&mut cargo(&["build", "--package", "tutorial"]));
    let compared = built.and_then(|()| run(&mut scenarios(interpreter, &candidate)));
    report.ran("conformance, on SQLite", compared.map(|()| String::new()));
    if let Some(server) = postgres {
        let mut scenarios = scenarios(interpreter, &candidate);
        let compared = run(scenarios.arg("--database").arg(server));
        report.ran("conformance, on PostgreSQL", compared.map(|()| String::new()));
    }
}

fn scenarios(interpreter: &Path, candidate: &Path) -> Command {
    let mut command = Command::new(interpreter);
    command.arg(root().join("interop/conformance/run.py"));
    command.arg("--python").arg(interpreter);
    command
        .arg("--candidate")
        .arg(format!("'{}' --bind 127.0.0.1:{{port}}", candidate.display()));
    command
}
