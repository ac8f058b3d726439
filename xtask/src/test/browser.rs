//! The login pages in a real browser.

use std::path::Path;
use std::process::Command;

use crate::report::Report;
use crate::run::{cargo, exists, root, run};

const STEP: &str = "login pages, in Chromium";

/// A person logs in and out, where a browser is installed.
pub(crate) fn log_in(report: &mut Report, interpreter: &Path) {
    if !(exists("chromium") && exists("chromedriver")) {
        report.skipped(STEP, "apt-get install chromium chromium-driver");
        return;
    }
    let built = run(&mut cargo(&["build", "--package", "doorward-server"]));
    let walked = built.and_then(|()| run(&mut script(interpreter)));
    report.ran(STEP, walked.map(|()| String::new()));
}

fn script(interpreter: &Path) -> Command {
    let mut command = Command::new(interpreter);
    command.arg(root().join("interop/browser/login.py"));
    command
        .arg("--doorward")
        .arg(root().join("target/debug/doorward"));
    command.args(["--chromium", "chromium", "--chromedriver", "chromedriver"]);
    command
}
