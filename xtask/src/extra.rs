//! What needs more tools than Rust, Python and a C compiler, and what takes longer than a run of the tests may.

use crate::fuzz;
use crate::new_crate;
use crate::nodes;
use crate::report::Report;
use crate::run::{cargo, exists, run};
use crate::test;

/// Runs each check whose tool is installed; what is missing is told with the command that installs it.
pub(crate) fn run_all() -> Report {
    let mut report = Report::begin();
    check(&mut report, "cargo-deny", &["deny", "check"]);
    check(
        &mut report,
        "cargo-hack",
        &[
            "hack",
            "check",
            "--each-feature",
            "--package",
            "doorward",
            "--package",
            "doorward-core",
            "--package",
            "doorward-django",
        ],
    );
    if exists("mdbook") {
        let mut book = std::process::Command::new("mdbook");
        book.args(["build", "docs/guide"]).current_dir(crate::run::root());
        report.ran("book", run(&mut book).map(|()| String::new()));
    } else {
        report.skipped("book", "cargo install mdbook");
    }
    new_crate::make(&mut report);
    test::run_matrices(&mut report);
    fuzz::run_all(&mut report);
    nodes::run_all(&mut report);
    report
}

pub(crate) fn run_extra() -> Result<(), String> {
    let report = run_all();
    report.print();
    if report.has_failures() {
        Err("a check failed".to_owned())
    } else {
        Ok(())
    }
}

fn check(report: &mut Report, tool: &str, words: &[&str]) {
    if exists(tool) {
        report.ran(tool, run(&mut cargo(words)).map(|()| String::new()));
    } else {
        report.skipped(tool, &format!("cargo install {tool}"));
    }
}
