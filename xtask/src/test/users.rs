//! Users as seven kinds of real projects keep them: Django and Doorward side by side.

use std::path::Path;
use std::process::Command;

use crate::report::Report;
use crate::run::{cargo, root, run};

/// All kinds on SQLite, and two of them on PostgreSQL where there is one.
pub(crate) fn compare(report: &mut Report, interpreter: &Path, postgres: Option<&str>) {
    if let Err(problem) = run(&mut cargo(&["build", "--package", "doorward-server"])) {
        return report.ran("users of the project's own", Err(problem));
    }
    report.ran(
        "the export's own tests",
        run(&mut exports(interpreter)).map(|()| String::new()),
    );
    let mut script = script(interpreter);
    report.ran(
        "users of the project's own, SQLite",
        run(&mut script).map(|()| "seven kinds".to_owned()),
    );
    if let Some(server) = postgres {
        let mut script = self::script(interpreter);
        script.args(["--database", &format!("{server}/postgres"), "b", "d"]);
        report.ran(
            "users of the project's own, PostgreSQL",
            run(&mut script).map(|()| "two kinds".to_owned()),
        );
    }
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
