//! Deleting what has expired as a server does it, with a count to watch where it takes more than a second.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio::time::Instant;

use super::Expired;
use crate::command::{Console, Failure, Json};
use crate::door::Door;

/// The work of a command that deletes what has expired. Django's commands say nothing; a script may want the number.
///
/// # Errors
/// As [`Expired::delete`]; a console that cannot be written to.
pub async fn delete_at(
    console: &mut Console,
    door: &Door,
    expired: Expired,
    format: Json,
) -> Result<(), Failure> {
    let mut progress = Progress::new();
    let deleted = expired.delete(door, |some| progress.add(some)).await;
    progress.finish();
    match format.json {
        true => console.say(json!({ "deleted": deleted? })),
        false => Ok(deleted.map(drop)?),
    }
}

struct Progress {
    start: Instant,
    total: u64,
    bar: Option<ProgressBar>,
}

impl Progress {
    fn new() -> Self {
        Self {
            start: Instant::now(),
            total: 0,
            bar: None,
        }
    }

    fn add(&mut self, deleted: u64) {
        self.total += deleted;
        if self.start.elapsed() > Duration::from_secs(1) {
            self.bar.get_or_insert_with(bar).set_position(self.total);
        }
    }

    fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// It is drawn on a terminal only.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {human_pos} deleted, {per_sec}");
    let bar = ProgressBar::new_spinner();
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar
}
