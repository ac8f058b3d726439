//! Every test: Rust's own, then the comparison with Django.

mod adoption;
mod browser;
mod conformance;
mod lockout;
mod mariadb;
mod postgres;
mod proxies;
mod redis;
mod revocations;
pub(crate) mod servers;
mod sessions;
mod tutorials;
mod users;

use std::path::Path;
use std::process::Command;

use crate::python;
use crate::report::Report;
use crate::run::{self, cargo};
use servers::{Extent, Server, Servers};

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
    let servers = Servers::start();
    match python::reference() {
        Ok(interpreter) => with_reference(&mut report, &interpreter, &servers),
        Err(reason) => without_reference(&mut report, &reason, &servers),
    }
    servers.tell(&mut report);
    redis::tell(&mut report);
    report.print();
    match () {
        () if report.has_failures() => Err("a step failed".to_owned()),
        () if report.has_skips() && skipping == Skipping::Fails => Err("a step was skipped".to_owned()),
        () => Ok(()),
    }
}

/// On every kind of database what a run of the tests does on SQLite alone: each scenario, each version, each kind of user.
pub(crate) fn run_matrices(report: &mut Report) {
    let servers = Servers::start();
    match python::reference().and_then(|interpreter| build().map(|()| interpreter)) {
        Ok(interpreter) => {
            conformance::compare_users(report, &interpreter, Extent::Whole);
            sessions::compare(report, &interpreter, Extent::Whole);
            lockout::import(report, &interpreter);
            revocations::look(report, &interpreter, Extent::Whole);
            beside(report, &interpreter, &servers.running(), Extent::Whole);
        }
        Err(reason) => report.skipped("every scenario on every kind of database", &reason),
    }
    servers.tell(report);
}

fn build() -> Result<(), String> {
    let words = ["build", "--package", "tutorial", "--package", "doorward-server"];
    run::run(&mut cargo(&words))
}

fn with_reference(report: &mut Report, interpreter: &Path, servers: &Servers) {
    let mut tests = tests(servers);
    tests.env("REFERENCE_PYTHON", interpreter);
    report.ran(
        "cargo test, with Django beside it",
        run::run(&mut tests).map(|()| String::new()),
    );
    conformance::compare(report, interpreter);
    conformance::compare_users(report, interpreter, Extent::Slice);
    tutorials::compare(report, interpreter);
    adoption::adopt(report, interpreter);
    users::compare(report, interpreter);
    sessions::compare(report, interpreter, Extent::Slice);
    revocations::look(report, interpreter, Extent::Slice);
    beside(report, interpreter, &servers.running(), Extent::Slice);
    browser::log_in(report, interpreter);
    proxies::keep(report, interpreter);
}

/// The comparisons with Django on servers of databases; what they run is built.
fn beside(report: &mut Report, interpreter: &Path, servers: &[Server], extent: Extent) {
    for server in servers {
        conformance::compare_on(report, interpreter, server, extent);
        users::compare_on(report, interpreter, server, extent);
        revocations::look_on(report, interpreter, server, extent);
        if extent == Extent::Whole {
            adoption::adopt_on(report, interpreter, server);
            sessions::compare_on(report, interpreter, server);
            lockout::import_on(report, interpreter, server);
        }
    }
}

fn without_reference(report: &mut Report, reason: &str, servers: &Servers) {
    let mut tests = tests(servers);
    report.ran(
        "cargo test, without Django",
        run::run(&mut tests).map(|()| String::new()),
    );
    report.skipped("what Django is needed for", reason);
}

/// Rust's own tests, on the servers too.
fn tests(servers: &Servers) -> Command {
    let mut tests = cargo(&["test", "--workspace", "--all-features", "--no-fail-fast"]);
    for server in servers.running() {
        tests.env(server.variable, server.url);
    }
    tests
}
