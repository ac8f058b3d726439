//! Every test: Rust's own, then the comparison with Django.

mod adoption;
mod browser;
mod conformance;
pub(crate) mod postgres;
mod proxies;
mod redis;
mod tutorials;
mod users;

use std::path::Path;
use std::process::Command;

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
    let server = postgres::Server::start();
    let postgres = server.as_ref().ok().map(postgres::Server::url);
    match python::reference() {
        Ok(interpreter) => with_reference(&mut report, &interpreter, postgres.as_deref()),
        Err(reason) => without_reference(&mut report, &reason, postgres.as_deref()),
    }
    postgres::tell(&mut report, &server);
    redis::tell(&mut report);
    report.print();
    match () {
        () if report.has_failures() => Err("a step failed".to_owned()),
        () if report.has_skips() && skipping == Skipping::Fails => Err("a step was skipped".to_owned()),
        () => Ok(()),
    }
}

fn with_reference(report: &mut Report, interpreter: &Path, postgres: Option<&str>) {
    let mut tests = tests(postgres);
    tests.env("REFERENCE_PYTHON", interpreter);
    report.ran(
        "cargo test, with Django beside it",
        run::run(&mut tests).map(|()| String::new()),
    );
    conformance::compare(report, interpreter, postgres);
    tutorials::compare(report, interpreter);
    adoption::adopt(report, interpreter, postgres);
    users::compare(report, interpreter, postgres);
    browser::log_in(report, interpreter);
    proxies::keep(report, interpreter);
}

fn without_reference(report: &mut Report, reason: &str, postgres: Option<&str>) {
    let mut tests = tests(postgres);
    report.ran(
        "cargo test, without Django",
        run::run(&mut tests).map(|()| String::new()),
    );
    report.skipped("what Django is needed for", reason);
}

/// Rust's own tests, those on a PostgreSQL too where there is one.
fn tests(postgres: Option<&str>) -> Command {
    let mut tests = cargo(&["test", "--workspace", "--all-features", "--no-fail-fast"]);
    if let Some(url) = postgres {
        tests.env("POSTGRES_FOR_TESTS", url);
    }
    tests
}
