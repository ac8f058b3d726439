//! Every test: Rust's own, then the comparison with Django.

mod adoption;
mod browser;
mod conformance;
mod proxies;
mod redis;
mod tutorials;

use std::path::Path;

use crate::python;
use crate::report::Report;
use crate::run::{self, cargo};

/// What a skipped step means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Skipping {
    /// It is told in the table.
    Told,
    /// It is a failure.
    Fails,
}

pub(crate) fn run(skipping: Skipping) -> Result<(), String> {
    let mut report = Report::begin();
    match python::reference() {
        Ok(interpreter) => with_reference(&mut report, &interpreter),
        Err(reason) => without_reference(&mut report, &reason),
    }
    redis::tell(&mut report);
    report.print();
    match () {
        () if report.has_failures() => Err("a step failed".to_owned()),
        () if report.has_skips() && skipping == Skipping::Fails => Err("a step was skipped".to_owned()),
        () => Ok(()),
    }
}

fn with_reference(report: &mut Report, interpreter: &Path) {
    let mut tests = cargo(&["test", "--workspace", "--all-features", "--no-fail-fast"]);
    tests.env("REFERENCE_PYTHON", interpreter);
    report.ran(
        "cargo test, with Django beside it",
        run::run(&mut tests).map(|()| String::new()),
    );
    conformance::compare(report, interpreter);
    tutorials::compare(report, interpreter);
    adoption::adopt(report, interpreter);
    browser::log_in(report, interpreter);
    proxies::keep(report, interpreter);
}

fn without_reference(report: &mut Report, reason: &str) {
    let mut tests = cargo(&["test", "--workspace", "--all-features", "--no-fail-fast"]);
    report.ran(
        "cargo test, without Django",
        run::run(&mut tests).map(|()| String::new()),
    );
    report.skipped("what Django is needed for", reason);
}
