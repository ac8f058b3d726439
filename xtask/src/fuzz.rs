//! A minute of fuzzing: every target of `fuzz/`, each for its share.

use std::path::Path;
use std::process::Command;

use crate::report::Report;
use crate::run::{cargo, exists, root, run};

/// For all targets together.
const SECONDS: usize = 60;

/// Runs every target, where cargo-fuzz is installed.
pub(crate) fn run_all(report: &mut Report) {
    if !exists("cargo-fuzz") {
        report.skipped("fuzz", "cargo install cargo-fuzz");
        return;
    }
    let outcome = match targets(&root()) {
        Ok(targets) => run_each(&targets),
        Err(error) => Err(format!("fuzz/targets: {error}")),
    };
    report.ran("fuzz", outcome);
}

/// Everything is built first, so that the time is for running.
fn run_each(targets: &[String]) -> Result<String, String> {
    run(&mut fuzz(&["build"]))?;
    let seconds = SECONDS.div_ceil(targets.len().max(1));
    for target in targets {
        run(fuzz(&["run", target, &corpus(target), &seeds(target), "--"]).args(limits(seconds)))?;
    }
    Ok(format!("{} targets, {seconds} s each", targets.len()))
}

/// A target a file.
fn targets(root: &Path) -> std::io::Result<Vec<String>> {
    let files = std::fs::read_dir(root.join("fuzz/targets"))?;
    let paths = files.flatten().map(|file| file.path());
    let names = paths.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
    let mut names: Vec<String> = names.collect();
    names.sort();
    Ok(names)
}

/// cargo-fuzz wants the compiler's unstable switches. Memory errors cannot be in code without `unsafe`, so no sanitizer
/// looks for them; overflows and indices panic by themselves.
fn fuzz(words: &[&str]) -> Command {
    let (command, rest) = words
        .split_first()
        .map_or(("", &[][..]), |(first, rest)| (*first, rest));
    let mut cargo = cargo(&["fuzz", command, "--sanitizer", "none"]);
    cargo.args(rest).env("RUSTC_BOOTSTRAP", "1");
    cargo
}

/// What libFuzzer finds on the way is kept here, and is no part of the repository.
fn corpus(target: &str) -> String {
    let folder = format!("fuzz/corpus/{target}");
    let _ = std::fs::create_dir_all(root().join(&folder));
    folder
}

fn seeds(target: &str) -> String {
    format!("fuzz/seeds/{target}")
}

fn limits(seconds: usize) -> [String; 3] {
    let time = format!("-max_total_time={seconds}");
    [time, "-timeout=10".to_owned(), "-rss_limit_mb=2048".to_owned()]
}
