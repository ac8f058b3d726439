//! The table at the end: what ran, what was skipped and why.

use std::time::{Duration, Instant};

use comfy_table::{Table, presets};

/// The outcome of each step.
pub(crate) struct Report {
    rows: Vec<Row>,
    /// When the step before ended.
    since: Instant,
}

struct Row {
    step: String,
    outcome: Outcome,
    took: Duration,
    note: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    Skipped,
}

impl Report {
    /// No step so far; the first one begins now.
    pub(crate) fn begin() -> Self {
        Self {
            rows: Vec::new(),
            since: now(),
        }
    }

    /// Records a step that ran, from the end of the one before until now.
    pub(crate) fn ran(&mut self, step: &str, result: Result<String, String>) {
        let (outcome, note) = match result {
            Ok(note) => (Outcome::Passed, note),
            Err(note) => (Outcome::Failed, note),
        };
        self.record(step, outcome, note);
    }

    /// Records a step that did not run.
    pub(crate) fn skipped(&mut self, step: &str, reason: &str) {
        self.record(step, Outcome::Skipped, reason.to_owned());
    }

    fn record(&mut self, step: &str, outcome: Outcome, note: String) {
        let before = std::mem::replace(&mut self.since, now());
        self.rows.push(Row {
            step: step.to_owned(),
            outcome,
            took: self.since - before,
            note,
        });
    }

    /// Prints the table.
    pub(crate) fn print(&self) {
        let mut table = Table::new();
        table
            .load_style(presets::UTF8_BORDERS_ONLY)
            .set_header(["step", "outcome", "seconds", "note"]);
        for row in &self.rows {
            let seconds = row.took.as_secs().to_string();
            table.add_row([row.step.as_str(), row.outcome.word(), &seconds, &row.note]);
        }
        println!("{table}");
    }

    pub(crate) fn has_failures(&self) -> bool {
        self.rows.iter().any(|row| row.outcome == Outcome::Failed)
    }

    pub(crate) fn has_skips(&self) -> bool {
        self.rows.iter().any(|row| row.outcome == Outcome::Skipped)
    }
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::Skipped => "skipped",
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a task tells how long it took")]
fn now() -> Instant {
    Instant::now()
}
