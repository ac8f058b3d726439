//! Deleting what has expired, in bounded chunks, with a count to watch where it takes more than a second.

use std::time::Duration;

use doorward::stores::StoreAnswer;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio::time::Instant;

use crate::command_line::Json;
use crate::console::Console;
use crate::failure::Failure;

/// Rows per transaction: small enough that others get their turn.
const CHUNK: u32 = 1_000;

/// Deletes chunk by chunk until nothing is left; tells how many rows went.
pub(super) async fn delete<'a>(
    mut chunk: impl FnMut(u32) -> StoreAnswer<'a, u64> + Send,
) -> Result<u64, Failure> {
    let mut progress = Progress::new();
    loop {
        let deleted = chunk(CHUNK).await?;
        progress.add(deleted);
        if deleted == 0 {
            return Ok(progress.finish());
        }
    }
}

/// Django's commands say nothing; a script may want the number.
pub(super) fn tell(deleted: u64, format: &Json, console: &mut Console) -> Result<(), Failure> {
    match format.json {
        true => console.say(json!({ "deleted": deleted })),
        false => Ok(()),
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

    fn finish(self) -> u64 {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
        self.total
    }
}

/// It is drawn on a terminal only.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {human_pos} deleted, {per_sec}");
    let bar = ProgressBar::new_spinner();
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar
}

#[cfg(test)]
mod tests {
    use doorward::Answer;

    use super::*;

    #[tokio::test]
    async fn it_goes_on_until_nothing_is_left() {
        let mut left = 2_500;
        let deleted = delete(|limit| {
            let some = left.min(u64::from(limit));
            left -= some;
            Answer::ready(Ok(some))
        });
        assert_eq!(deleted.await.unwrap(), 2_500);
    }
}
