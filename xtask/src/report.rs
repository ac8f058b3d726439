//! The table at the end: what ran, what was skipped and why.

use comfy_table::{Table, presets};

/// The outcome of each step.
#[derive(Default)]
pub(crate) struct Report(Vec<Row>);

struct Row {
    step: String,
    outcome: Outcome,
    note: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    Skipped,
}

impl Report {
    /// Records a step that ran.
    pub(crate) fn ran(&mut self, step: &str, result: Result<String, String>) {
        let (outcome, note) = match result {
            Ok(note) => (Outcome::Passed, note),
            Err(note) => (Outcome::Failed, note),
        };
        self.0.push(Row {
            step: step.to_owned(),
            outcome,
            note,
        });
    }

    /// Records a step that did not run.
    pub(crate) fn skipped(&mut self, step: &str, reason: &str) {
        self.0.push(Row {
            step: step.to_owned(),
            outcome: Outcome::Skipped,
            note: reason.to_owned(),
        });
    }

    /// Prints the table.
    pub(crate) fn print(&self) {
        let mut table = Table::new();
        table
            .load_style(presets::UTF8_BORDERS_ONLY)
            .set_header(["step", "outcome", "note"]);
        for row in &self.0 {
            table.add_row([row.step.as_str(), row.outcome.word(), row.note.as_str()]);
        }
        println!("{table}");
    }

    pub(crate) fn has_failures(&self) -> bool {
        self.0.iter().any(|row| row.outcome == Outcome::Failed)
    }

    pub(crate) fn has_skips(&self) -> bool {
        self.0.iter().any(|row| row.outcome == Outcome::Skipped)
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
