//! [`Findings`]: what is wrong, collected.

use crate::settings::{SettingsError, SettingsErrors};

/// What was found to be wrong so far, each thing once.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<SettingsError>);

impl Findings {
    /// Refuses the value of `key` unless it is `possible`.
    pub(crate) fn require(&mut self, possible: bool, key: &str, problem: impl FnOnce() -> String) {
        if !possible {
            self.add(SettingsError::new(key, problem()));
        }
    }

    /// What was made, or `None` and a note of why it could not be.
    pub(crate) fn note<T>(&mut self, made: Result<T, SettingsError>) -> Option<T> {
        made.map_err(|error| self.add(error)).ok()
    }

    /// A note of why something could not be made, unless its key was refused already.
    pub(crate) fn note_if_new<T>(&mut self, made: Result<T, SettingsError>) {
        if let Err(error) = made
            && self.0.iter().all(|known| known.key() != error.key())
        {
            self.0.push(error);
        }
    }

    pub(super) fn into_result(self) -> Result<(), SettingsErrors> {
        SettingsErrors::none_in(self.0)
    }

    fn add(&mut self, error: SettingsError) {
        if !self.0.contains(&error) {
            self.0.push(error);
        }
    }
}
