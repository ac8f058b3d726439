//! Every test: Rust's own, then the comparison with Django.

mod adoption;
mod browser;
mod conformance;
mod mariadb;
mod postgres;
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

/// The addresses of the servers that there are.
struct Servers {
    postgres: Option<String>,
    mariadb: Option<String>,
}

pub(crate) fn run(skipping: Skipping) -> Result<(), String> {
    let mut report = Report::begin();
    let (postgres, mariadb) = (postgres::Server::start(), mariadb::Server::start());
    let servers = Servers {
        postgres: postgres.as_ref().ok().map(postgres::Server::url),
        mariadb: mariadb.as_ref().ok().map(mariadb::Server::url),
    };
    match python::reference() {
        Ok(interpreter) => with_reference(&mut report, &interpreter, &servers),
        Err(reason) => without_reference(&mut report, &reason, &servers),
    }
    postgres::tell(&mut report, &postgres);
    mariadb::tell(&mut report, &mariadb);
    redis::tell(&mut report);
    report.print();
    match () {
        () if report.has_failures() => Err("a step failed".to_owned()),
        () if report.has_skips() && skipping == Skipping::Fails => Err("a step was skipped".to_owned()),
        () => Ok(()),
    }
}

fn with_reference(report: &mut Report, interpreter: &Path, servers: &Servers) {
    let mut tests = tests(servers);
    let postgres = servers.postgres.as_deref();
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

fn without_reference(report: &mut Report, reason: &str, servers: &Servers) {
    let mut tests = tests(servers);
    report.ran(
        "cargo test, without Django",
        run::run(&mut tests).map(|()| String::new()),
    );
    report.skipped("what Django is needed for", reason);
}

/// Rust's own tests, those on servers too where there are some.
fn tests(servers: &Servers) -> Command {
    let mut tests = cargo(&["test", "--workspace", "--all-features", "--no-fail-fast"]);
    for (name, url) in [
        ("POSTGRES_FOR_TESTS", &servers.postgres),
        ("MARIADB_FOR_TESTS", &servers.mariadb),
    ] {
        if let Some(url) = url {
            tests.env(name, url);
        }
    }
    tests
}
