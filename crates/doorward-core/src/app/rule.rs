//! [`Rule`]: a check of the settings alone.

use super::Check;
use crate::check_message::{CheckMessage, Level};
use crate::settings::Settings;

/// A check of the settings alone, for a site on the internet.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its id, such as `doorward.W002`; an `E` before the number makes it an error, anything else a warning.
    pub id: &'static str,
    /// Whether the settings fail it.
    pub fails: fn(&Settings) -> bool,
    /// What is told then.
    pub message: &'static str,
    /// What to do about it.
    pub hint: &'static str,
}

impl Rule {
    /// As one check, what those rules find.
    #[must_use]
    pub fn check(rules: &'static [Self]) -> Check {
        let check = Check::deploy(|settings, _| {
            let found = rules.iter().filter_map(|rule| rule.message(settings));
            found.collect()
        });
        check.ids(rules.iter().map(|rule| rule.id))
    }

    /// What it finds.
    pub(crate) fn message(&self, settings: &Settings) -> Option<CheckMessage> {
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
