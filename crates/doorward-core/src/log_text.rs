//! What a client wrote, as it may be logged.

use std::fmt::Display;

/// The longest text of a client's that stands in a field of the log, in characters.
const LONGEST: usize = 256;

/// A text that a client may have written, as it may be logged: nobody fills a disk with one field.
#[must_use]
pub fn log_text(text: impl Display) -> String {
    text.to_string().chars().take(LONGEST).collect()
}
