//! Databases that Django 3.0 to 6.0 made, adopted.

use std::path::Path;
use std::process::{Command, Stdio};

use super::Server;
use crate::report::Report;
use crate::run::{cargo, root, run};

/// What the script prints for one version.
struct Told<'a> {
    version: &'a str,
    outcome: &'a str,
    note: &'a str,
}

/// A row for each version of Django: its database, a file of SQLite, is adopted, and it reads on.
pub(crate) fn adopt(report: &mut Report, interpreter: &Path) {
    let built = run(&mut cargo(&["build", "--package", "doorward-server"]));
    let adopted = built.and_then(|()| adopted(report, "SQLite", &mut script(interpreter)));
    tell_of_the_whole(report, "SQLite", adopted);
}

/// The same on databases of that server; the program is built.
pub(crate) fn adopt_on(report: &mut Report, interpreter: &Path, server: &Server) {
    let mut script = script(interpreter);
    script.args(["--database", &server.url]);
    let adopted = adopted(report, server.name, &mut script);
    tell_of_the_whole(report, server.name, adopted);
}

/// A row where the script broke off; else its lines were told.
fn tell_of_the_whole(report: &mut Report, database: &str, adopted: Result<(), String>) {
    if let Err(problem) = adopted {
        report.ran(&format!("adoption on {database}"), Err(problem));
    }
}

fn adopted(report: &mut Report, database: &str, script: &mut Command) -> Result<(), String> {
    printed(script).and_then(|printed| tell(report, database, &printed))
}

fn script(interpreter: &Path) -> Command {
    let mut command = Command::new(interpreter);
    command.arg(root().join("interop/adoption/make.py"));
    command
        .arg("--doorward")
        .arg(root().join("target/debug/doorward"));
    command
}

/// What the script prints; a version that failed stands in it.
fn printed(command: &mut Command) -> Result<String, String> {
    println!("$ interop/adoption/make.py, up to a minute for the environments, two for the databases");
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("it did not start: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    print!("{text}");
    Ok(text)
}

/// The script's last line says that it came to its end.
fn tell(report: &mut Report, database: &str, printed: &str) -> Result<(), String> {
    for Told {
        version,
        outcome,
        note,
    } in printed.lines().filter_map(told)
    {
        let step = format!("adoption on {database}, Django {version}");
        match outcome {
            "passed" => report.ran(&step, Ok(note.to_owned())),
            "skipped" => report.skipped(&step, note),
            _ => report.ran(&step, Err(note.to_owned())),
        }
    }
    let ended = printed
        .lines()
        .last()
        .is_some_and(|line| line.contains(" passed, "));
    ended
        .then_some(())
        .ok_or_else(|| "the script did not come to its end".to_owned())
}

/// `django 5.2: passed: …`
fn told(line: &str) -> Option<Told<'_>> {
    let (version, rest) = line.strip_prefix("django ")?.split_once(": ")?;
    let (outcome, note) = rest.split_once(": ")?;
    Some(Told {
        version,
        outcome,
        note,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_version_an_outcome_and_a_note() {
        let told = told("django 6.0: skipped: needs Python 3.12 to 3.14").expect("a line");
        assert_eq!((told.version, told.outcome), ("6.0", "skipped"));
        assert_eq!(told.note, "needs Python 3.12 to 3.14");
    }

    #[test]
    fn a_script_that_breaks_off_has_failed() {
        let mut report = Report::begin();
        let whole = "django 5.2: passed: all\n1 passed, 0 failed, 0 skipped\n";
        assert!(tell(&mut report, "SQLite", whole).is_ok() && !report.has_failures());
        assert!(tell(&mut report, "SQLite", "django 5.2: passed: all\n").is_err());
        assert!(tell(&mut report, "SQLite", "").is_err());
        assert!(
            tell(
                &mut report,
                "SQLite",
                "django 5.1: FAILED: why\n1 passed, 1 failed"
            )
            .is_ok()
        );
        assert!(report.has_failures());
    }

    #[test]
    fn other_lines_are_none() {
        assert!(told("9 passed, 1 failed, 0 skipped").is_none());
    }
}
