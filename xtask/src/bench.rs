//! How fast we are beside Django, and beside bare axum: `interop/bench`, with programs as they are deployed.

use std::process::Command;

use crate::python;
use crate::run::{cargo, root, run};

/// The programs that are measured, and measured with.
const PROGRAMS: [&str; 5] = [
    "build",
    "--profile=dist",
    "--package=tutorial",
    "--package=bench-programs",
    "--quiet",
];
/// Where the table stands.
const PAPER: &str = "docs/development/measurements.md";

/// All of it, several times, into the paper; or the little that a reader waits for, onto the terminal.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Extent {
    Whole,
    Quick,
}

pub(crate) fn run_all(extent: Extent) -> Result<(), String> {
    let python = python::bench()?;
    run(&mut cargo(&PROGRAMS))?;
    let mut bench = Command::new(&python);
    bench
        .arg(root().join("interop/bench/run.py"))
        .arg("--programs")
        .arg(root().join("target/dist"));
    match extent {
        Extent::Whole => bench.arg("--into").arg(root().join(PAPER)),
        Extent::Quick => bench.arg("--quick"),
    };
    run(&mut bench)
}
