//! The commands of `interop/tutorials`: each example beside its tutorial's project in Django.

use std::path::Path;
use std::process::Command;

use crate::report::Report;
use crate::run::{cargo, exists, root, run};

/// The examples that have a tutorial; `interop/tutorials/run.py` knows the same.
const EXAMPLES: [&str; 6] = [
    "drfauth101",
    "token-profile",
    "jwt-products",
    "session-dashboard",
    "custom-authentication",
    "object-permissions",
];

/// Types every command that stands above an example's code.
pub(crate) fn compare(report: &mut Report, interpreter: &Path) {
    if !exists("curl") {
        report.skipped("the tutorials' commands", "install curl");
        return;
    }
    let compared = run(&mut build()).and_then(|()| run(&mut commands(interpreter)));
    report.ran("the tutorials' commands", compared.map(|()| String::new()));
}

fn build() -> Command {
    let packages = EXAMPLES.iter().chain(&["doorward-server"]);
    let words: Vec<&str> = packages.flat_map(|name| ["--package", name]).collect();
    cargo(&[&["build"], words.as_slice()].concat())
}

fn commands(interpreter: &Path) -> Command {
    let mut command = Command::new(interpreter);
    command.arg(root().join("interop/tutorials/run.py"));
    command.arg("--python").arg(interpreter);
    command.arg("--binaries").arg(root().join("target/debug"));
    command
}
