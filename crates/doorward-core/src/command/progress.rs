//! [`Progress`]: a count to watch, of what takes more than a second.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::Instant;

/// How much is done, drawn on a terminal only, and only where it takes more than a second.
#[derive(Debug)]
pub struct Progress {
    start: Instant,
    total: u64,
    done: &'static str,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Nothing yet; `done` is what was done to the things that are counted, such as `deleted`.
    #[must_use]
    pub fn new(done: &'static str) -> Self {
        Self {
            start: Instant::now(),
            total: 0,
            done,
            bar: None,
        }
    }

    /// So many more.
    pub fn add(&mut self, some: u64) {
        self.total += some;
        if self.start.elapsed() > Duration::from_secs(1) {
            let (done, total) = (self.done, self.total);
            self.bar.get_or_insert_with(|| bar(done)).set_position(total);
        }
    }

    /// How many it are so far.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// All is done, or nothing more will be.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(done: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(&format!("{{spinner}} {{human_pos}} {done}, {{per_sec}}"));
    let bar = ProgressBar::new_spinner();
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar
}
