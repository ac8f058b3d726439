//! How a test fails.

use std::fmt::Display;

/// Ends the test with that message.
#[track_caller]
#[expect(
    clippy::panic,
    reason = "this crate is for tests, and a test fails by a panic"
)]
pub(crate) fn fail(message: impl Display) -> ! {
    panic!("{message}")
}
