//! Whether the tests that start a Redis of their own found one to start.

use std::process::Command;

use crate::report::Report;

const STEP: &str = "what needs a Redis of the tests' own";
const PROGRAMS: [&str; 2] = ["redis-server", "valkey-server"];

/// Tells the table which server the tests started, or that those who need one ended at once.
pub(crate) fn tell(report: &mut Report) {
    match PROGRAMS.into_iter().find_map(version) {
        Some(version) => report.ran(STEP, Ok(version)),
        None => report.skipped(STEP, &format!("neither of {PROGRAMS:?} is installed")),
    }
}

fn version(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let words: Vec<&str> = text.split_whitespace().take(3).collect();
    output.status.success().then(|| words.join(" "))
}
