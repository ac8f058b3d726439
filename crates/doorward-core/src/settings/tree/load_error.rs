//! [`LoadError`]: what is wrong with the settings, and where; [`LoadErrors`]: all of it.

use std::fmt;

use super::Origin;
use crate::settings::Errors;

/// All that `doorward::settings::Loader` finds, a line each.
pub type LoadErrors = Errors<LoadError>;

/// Settings that cannot be used: where, which key, and what would be right.
#[derive(Clone, PartialEq, Eq)]
pub struct LoadError {
    place: String,
    key: String,
    problem: String,
}

impl LoadError {
    /// What is wrong with the value of `key`, or with a whole file where `key` is empty. The problem never repeats a secret.
    pub fn new(origin: &Origin, key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            place: origin.to_string(),
            key: key.into(),
            problem: problem.into(),
        }
    }

    /// The key, such as `jwt.leeway`; empty where a whole file is at fault.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether what it tells of is that key, or the section of it, or stands in it.
    #[must_use]
    pub fn covers(&self, key: &str) -> bool {
        let in_section = |key: &str, section: &str| {
            let rest = key.strip_prefix(section);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        !self.key.is_empty() && (in_section(key, &self.key) || in_section(&self.key, key))
    }

    /// Where the value stands: `doorward.toml:3:5`, or a variable's name; empty where nobody set it.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }
}

impl LoadErrors {
    /// The same, with a hint after what is wrong with that key.
    #[must_use]
    pub fn with_hint(mut self, key: &str, hint: &str) -> Self {
        for error in self.iter_mut().filter(|error| error.key == key) {
            error.problem = format!("{}; {hint}", error.problem);
        }
        self
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [&self.place, &self.key] {
            if !part.is_empty() {
                write!(f, "{part}: ")?;
            }
        }
        f.write_str(&self.problem)
    }
}

/// As people read it: a `main` that returns this error prints it so.
impl fmt::Debug for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for LoadError {}
