//! Lock-outs of the real django-axes, brought over.

use std::path::Path;
use std::process::Command;

use super::Server;
use crate::report::Report;
use crate::run::{root, run};

/// On files of SQLite; the program is built.
pub(crate) fn import(report: &mut Report, interpreter: &Path) {
    let imported = run(&mut script(interpreter));
    report.ran("django-axes, on SQLite", imported.map(|()| String::new()));
}

/// On databases of that server.
pub(crate) fn import_on(report: &mut Report, interpreter: &Path, server: &Server) {
    let mut script = script(interpreter);
    script.args(["--database", &server.url]);
    let step = format!("django-axes, on {}", server.name);
    report.ran(&step, run(&mut script).map(|()| String::new()));
}

fn script(interpreter: &Path) -> Command {
    let mut command = Command::new(interpreter);
    command.arg(root().join("interop/lockout/axes.py"));
    command
        .arg("--doorward")
        .arg(root().join("target/debug/doorward"));
    command
}
