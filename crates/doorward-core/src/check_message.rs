//! [`CheckMessage`]: what a check tells (`django.core.checks.messages`).

use std::borrow::Cow;
use std::fmt;

/// How much a check's message weighs (`django.core.checks.messages`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Unwise.
    Warning,
    /// Broken.
    Error,
}

/// What a check found, and what to do (`django.core.checks.CheckMessage`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckMessage {
    /// How much it weighs.
    pub level: Level,
    /// Its name, such as `security.W004`.
    pub id: &'static str,
    /// What is wrong.
    pub message: Cow<'static, str>,
    /// What to do.
    pub hint: Cow<'static, str>,
}

impl CheckMessage {
    /// A message of that id. It repeats no secret.
    pub fn new(
        id: &'static str,
        level: Level,
        message: impl Into<Cow<'static, str>>,
        hint: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            level,
            id,
            message: message.into(),
            hint: hint.into(),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        })
    }
}
