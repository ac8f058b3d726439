//! Patterns of the settings.

use regex::Regex;

/// The pattern of that text.
///
/// # Errors
/// What is wrong with it, in one line.
pub(crate) fn pattern(text: &str) -> Result<Regex, String> {
    Regex::new(text).map_err(|error| {
        let told = error.to_string();
        let last = told.lines().last().unwrap_or_default();
        last.trim_start_matches("error: ").to_owned()
    })
}
