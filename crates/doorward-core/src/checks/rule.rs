//! [`Rule`]: a check of the settings alone.

use super::{CheckMessage, Level};
use crate::settings::Settings;

/// A check of the settings alone.
pub(super) struct Rule {
    pub(super) id: &'static str,
    pub(super) fails: fn(&Settings) -> bool,
    pub(super) message: &'static str,
    pub(super) hint: &'static str,
}

impl Rule {
    pub(super) fn check(&self, settings: &Settings) -> Option<CheckMessage> {
        let message = || CheckMessage::new(self.id, self.level(), self.message, self.hint);
        (self.fails)(settings).then(message)
    }

    /// Django's ids tell it: `security.E023`.
    fn level(&self) -> Level {
        match self.id.split_once('.') {
            Some((_, number)) if number.starts_with('E') => Level::Error,
            _ => Level::Warning,
        }
    }
}
