//! What is legal in the settings and unwise on the internet (`django.core.checks`): `doorward check --deploy`.
//!
//! What is impossible stops the start, by [`Settings::validate`]; what is told here does not. An id that Django has
//! means what it means there; ours begin with `doorward.`.

mod gate;
mod rule;
mod security;

use std::borrow::Cow;
use std::fmt;

use crate::router::RouteInfo;
pub use crate::settings::CheckId;
use crate::settings::Settings;

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

/// What those settings lack on the internet, and which routes are open; the heaviest first.
///
/// ```
/// use doorward_core::checks::{Level, deploy};
/// use doorward_core::settings::Settings;
///
/// let mut settings = Settings::default();
/// settings.debug = true;
/// let found = deploy(&settings, &[]);
/// let debug = found.iter().find(|message| message.id == "security.W018");
/// assert_eq!(debug.map(|message| message.level), Some(Level::Warning));
/// ```
#[must_use]
pub fn deploy(settings: &Settings, routes: &[RouteInfo]) -> Vec<CheckMessage> {
    let mut found = security::check(settings);
    found.extend(gate::check(settings, routes));
    found.sort_by_key(|message| std::cmp::Reverse(message.level));
    found
}
