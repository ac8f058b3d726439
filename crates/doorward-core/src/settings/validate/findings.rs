//! [`Findings`]: what is wrong, collected.

use crate::settings::{SettingsError, SettingsErrors};

/// What was found to be wrong so far, each thing once.
#[derive(Debug, Default)]
pub struct Findings(Vec<SettingsError>);

impl Findings {
    /// Refuses the value of `key` unless it is `possible`.
    pub fn require(&mut self, possible: bool, key: &str, problem: impl FnOnce() -> String) {
        if !possible {
            self.add(SettingsError::new(key, problem()));
        }
    }

    /// What was made, or `None` and a note of why it could not be.
    pub fn note<T>(&mut self, made: Result<T, SettingsError>) -> Option<T> {
        made.map_err(|error| self.add(error)).ok()
    }

    /// As [`Findings::note`], without a note where its key was refused already.
    pub fn note_if_new<T>(&mut self, made: Result<T, SettingsError>) -> Option<T> {
        let is_told = |error: &SettingsError| self.0.iter().any(|known| known.key() == error.key());
        match made {
            Ok(made) => Some(made),
            Err(error) if is_told(&error) => None,
            Err(error) => {
                self.0.push(error);
                None
            }
        }
    }

    /// What was made, if nothing was found to be wrong.
    ///
    /// # Errors
    /// All that was found.
    pub fn of<T>(make: impl FnOnce(&mut Self) -> Option<T>) -> Result<T, SettingsErrors> {
        let mut found = Self::default();
        let made = make(&mut found);
        SettingsErrors::none_in(found.0)?;
        Ok(made.expect("what is not made was told"))
    }

    /// What others found to be wrong.
    pub fn append(&mut self, found: Self) {
        found.0.into_iter().for_each(|error| self.add(error));
    }

    /// What others found to be wrong with keys that were not refused before they were asked.
    pub fn add_new(&mut self, errors: &SettingsErrors) {
        let told = self.0.len();
        for error in errors.iter() {
            let mut before = self.0.iter().take(told);
            if before.all(|known| known.key() != error.key()) {
                self.add(error.clone());
            }
        }
    }

    /// One more thing that is wrong.
    pub fn add(&mut self, error: SettingsError) {
        if !self.0.contains(&error) {
            self.0.push(error);
        }
    }
}
