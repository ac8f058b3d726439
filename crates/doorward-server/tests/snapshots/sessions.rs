//! Sessions at a shell, typed again.
//!
//! In a stored session a line that begins with `$` is typed, those with `>` before it are the whole settings file from
//! then on, and those with `|` are what was answered. The secret key comes from the environment.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::mask::mask;
use super::snapshot;
use super::support::{Folder, errors, printed};

const KEY: &str = "a-key-for-tests-that-is-long-enough-0123456789";

#[test]
fn help() {
    replay("help");
}

#[test]
fn routes() {
    replay("routes");
}

#[test]
fn checks() {
    replay("checks");
}

#[test]
fn accounts() {
    replay("accounts");
}

#[test]
fn commands() {
    replay("commands");
}

#[test]
fn keys() {
    replay("keys");
}

#[test]
fn values_of_another_kind() {
    replay("settings_kinds");
}

#[test]
fn settings_that_are_impossible() {
    replay("settings_values");
}

#[test]
fn settings_of_the_server_that_are_impossible() {
    replay("settings_server");
}

#[test]
fn settings_of_tokens_that_are_impossible() {
    replay("settings_jwt");
}

#[test]
fn settings_that_keep_a_door_from_opening() {
    replay("settings_opening");
}

#[cfg(feature = "acme")]
#[test]
fn settings_of_acme_that_are_impossible() {
    replay("settings_acme");
}

fn replay(name: &str) {
    let stored = snapshot::stored(name);
    let mut shell = Shell {
        folder: Folder::new(),
        settings: String::new(),
    };
    let typed = stored.lines().filter(|line| !line.starts_with('|'));
    let replayed: String = typed.map(|line| shell.follow(line)).collect();
    snapshot::compare(name, &replayed);
}

/// A shell in a folder of its own.
struct Shell {
    folder: Folder,
    settings: String,
}

impl Shell {
    /// The line, and what is answered to it.
    fn follow(&mut self, line: &str) -> String {
        let answer = match line.split_at_checked(1) {
            Some((">", settings)) => {
                self.settings += settings.strip_prefix(' ').unwrap_or(settings);
                self.settings.push('\n');
                String::new()
            }
            Some(("$", command)) => self.run(command),
            _ => String::new(),
        };
        format!("{line}\n{answer}")
    }

    fn run(&mut self, command: &str) -> String {
        if !self.settings.is_empty() {
            let settings = std::mem::take(&mut self.settings);
            std::fs::write(self.folder.path("doorward.toml"), settings).expect("settings are written");
        }
        let output = self.command(command).output().expect("there is a shell");
        let folder = self.folder.path("");
        let answer = mask(&told(&output), folder.to_string_lossy().trim_end_matches('/'));
        let mut lines: Vec<String> = answer
            .lines()
            .map(|line| format!("| {line}").trim_end().to_owned())
            .collect();
        // All that is wrong is told at once, in no order that is promised.
        if lines.iter().all(|line| line.starts_with("| Error: ")) {
            lines.sort();
        }
        lines.extend((!output.status.success()).then(|| format!("| [{}]", output.status)));
        lines.iter().map(|line| format!("{line}\n")).collect()
    }

    fn command(&self, line: &str) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_doorward"));
        let programs = program.parent().expect("it stands in a folder").display();
        let mut command = Command::new("sh");
        command
            .args(["-c", line])
            .env_clear()
            .env("PATH", format!("{programs}:/usr/local/bin:/usr/bin:/bin"))
            .env("DOORWARD_SECRET_KEY", KEY)
            .current_dir(self.folder.path(""))
            .stdin(Stdio::null());
        command
    }
}

/// What was printed, then what was told on standard error.
fn told(output: &Output) -> String {
    printed(output) + &errors(output)
}
