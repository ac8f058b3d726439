//! Users as seven kinds of real projects keep them: Django and Doorward side by side.

use std::path::Path;
use std::process::Command;

use super::{Extent, Server};
use crate::report::Report;
use crate::run::{cargo, root, run};

/// The kinds of the slice: users whose ids are UUIDs, and users whose tokens carry one and who need further columns.
const SLICE: [&str; 2] = ["a", "d"];

/// All kinds, on files of SQLite.
pub(crate) fn compare(report: &mut Report, interpreter: &Path) {
    if let Err(problem) = run(&mut cargo(&["build", "--package", "doorward-server"])) {
        return report.ran("users of the project's own", Err(problem));
    }
    report.ran(
        "the export's own tests",
        run(&mut exports(interpreter)).map(|()| String::new()),
    );
    let compared = run(&mut script(interpreter));
    report.ran(
        "users of the project's own, on SQLite",
        compared.map(|()| String::new()),
    );
}

/// Two kinds, or all of them, on databases of that server; the program is built.
pub(crate) fn compare_on(report: &mut Report, interpreter: &Path, server: &Server, extent: Extent) {
    let mut script = script(interpreter);
    script.args(["--database", &server.url]);
    if extent == Extent::Slice {
        script.args(SLICE);
    }
    let step = format!("users of the project's own, on {}", server.name);
    report.ran(&step, run(&mut script).map(|()| extent.note("kinds")));
}

/// The tests of the Python package that writes settings.
fn exports(interpreter: &Path) -> Command {
    let mut command = Command::new(interpreter);
    command.args(["-m", "unittest", "discover", "-s"]);
    command.arg(root().join("adopt/tests"));
    command.env("PYTHONPATH", root().join("adopt"));
    command
}

fn script(interpreter: &Path) -> Command {
    let mut command = Command::new(interpreter);
    command.arg(root().join("interop/users/side_by_side.py"));
    command
        .arg("--doorward")
        .arg(root().join("target/debug/doorward"));
    command.arg("--python").arg(interpreter);
    command
}
