//! Ctrl-C at a question: the terminal shows again what is typed, and the command says that it was cancelled.
//!
//! A question blocks its thread, and a secret one turns the terminal's echo off. The signal's own way would leave it off.

use std::io::{self, Write};
use std::process;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

/// Waits for the signal from the first question on.
#[derive(Default)]
pub(super) struct Watch {
    task: Option<tokio::task::JoinHandle<()>>,
}

impl Watch {
    /// Starts once; the terminal is remembered as it is now.
    pub(super) fn start(&mut self) {
        self.task
            .get_or_insert_with(|| tokio::spawn(cancel(tcgetattr(io::stdin()).ok())));
    }
}

async fn cancel(before: Option<Termios>) {
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    if let Some(before) = before {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &before);
    }
    let _ = writeln!(io::stderr(), "\nError: Operation cancelled.");
    process::exit(1)
}
