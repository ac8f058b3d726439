//! Several processes on one database: each fault for half a minute; and the release before beside this one.

use std::path::Path;
use std::process::Command;

use crate::report::Report;
use crate::run::{cargo, root, run};
use crate::test::servers::Servers;

/// How long each fault lasts.
const SECONDS: &str = "30";
const STORMS: &str = "processes on one database, through long faults";
const VERSIONS: &str = "the release before beside this one";

/// Runs both, on each server of databases that there is.
pub(crate) fn run_all(report: &mut Report) {
    let servers = Servers::start();
    report.ran(
        STORMS,
        run(tests(&servers).env("STORM_SECONDS", SECONDS)).map(|()| String::new()),
    );
    match before() {
        Ok(revision) => report.ran(VERSIONS, beside(&revision, &servers)),
        Err(reason) => report.skipped(VERSIONS, reason),
    }
}

fn tests(servers: &Servers) -> Command {
    let words = [
        "test",
        "-p",
        "doorward-server",
        "--all-features",
        "--test",
        "nodes",
    ];
    let mut tests = cargo(&words);
    for server in servers.running() {
        tests.env(server.variable, server.url);
    }
    tests
}

/// Builds that revision in a tree of its own, and has its program serve beside ours.
fn beside(revision: &str, servers: &Servers) -> Result<String, String> {
    let tree = root().join("target/before");
    check_out(revision, &tree)?;
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "-p", "doorward-server"]).current_dir(&tree);
    run(build.env("CARGO_TARGET_DIR", tree.join("target")))?;
    let program = tree.join("target/debug/doorward");
    let mut tests = tests(servers);
    tests
        .args(["--", "the_release_before"])
        .env("DOORWARD_BEFORE", program);
    run(&mut tests).map(|()| format!("{revision} beside this tree"))
}

fn check_out(revision: &str, tree: &Path) -> Result<(), String> {
    let mut git = Command::new("git");
    match tree.exists() {
        true => run(git.args(["checkout", "--detach", revision]).current_dir(tree)),
        false => run(git
            .args(["worktree", "add", "--detach"])
            .arg(tree)
            .arg(revision)
            .current_dir(root())),
    }
}

/// What `DOORWARD_BEFORE_REV` names, else the last tag.
fn before() -> Result<String, &'static str> {
    #[expect(clippy::disallowed_methods, reason = "how a task is told something")]
    let named = std::env::var("DOORWARD_BEFORE_REV").ok();
    let last = || {
        let mut git = Command::new("git");
        let tag = git
            .args(["describe", "--tags", "--abbrev=0"])
            .current_dir(root())
            .output()
            .ok()?;
        let name = String::from_utf8_lossy(&tag.stdout).trim().to_owned();
        tag.status.success().then_some(name)
    };
    named
        .or_else(last)
        .ok_or("there is no tag yet; name a revision in DOORWARD_BEFORE_REV")
}
