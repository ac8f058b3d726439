//! Credentials taken back and given by every road, under load, and while something goes wrong; what is remembered is never older than
//! it may be.

use std::path::Path;
use std::process::Command;

use super::{Extent, Server};
use crate::report::Report;
use crate::run::{root, run};

/// How many changes there are in a run of the tests: each kind by each road once.
const FEW: &str = "100";
const MANY: &str = "10000";
/// `cache.max_staleness`, in milliseconds.
const BOUNDS: [&str; 2] = ["100", "0"];

/// On files of SQLite; the programs are built.
pub(crate) fn look(report: &mut Report, interpreter: &Path, extent: Extent) {
    look_at(report, interpreter, "SQLite", "sqlite", extent);
}

/// On databases of that server.
pub(crate) fn look_on(report: &mut Report, interpreter: &Path, server: &Server, extent: Extent) {
    look_at(report, interpreter, server.name, &server.url, extent);
}

fn look_at(report: &mut Report, interpreter: &Path, name: &str, database: &str, extent: Extent) {
    let script = |script, words: &[&str]| run(script_on(interpreter, script, database).args(words));
    let (count, bounds) = match extent {
        Extent::Slice => (FEW, &BOUNDS[..1]),
        Extent::Whole => (MANY, &BOUNDS[..]),
    };
    for bound in bounds {
        let done = script("run.py", &["--count", count, "--bound", bound]);
        report.ran(
            &format!("revocations on {name}, {bound} ms"),
            done.map(|()| format!("about {count} changes")),
        );
    }
    if extent == Extent::Whole {
        let done = script("faults.py", &["--long"]);
        report.ran(
            &format!("revocations on {name}, with faults"),
            done.map(|()| String::new()),
        );
    }
}

fn script_on(interpreter: &Path, script: &str, database: &str) -> Command {
    let mut command = Command::new(interpreter);
    command.arg(root().join("interop/revocations").join(script));
    command.arg("--programs").arg(root().join("target/debug"));
    command.args(["--database", database]);
    command
}
