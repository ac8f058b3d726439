//! [`SettingsError`]: what is wrong with the settings, and what to do.

/// A setting has an impossible value, or one whose feature does not exist yet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct SettingsError {
    key: String,
    problem: String,
}

impl SettingsError {
    /// A problem with the value of `key`, such as `jwt.algorithm`. The problem says what is allowed and what to do,
    /// and never repeats a secret.
    pub fn new(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            problem: problem.into(),
        }
    }

    /// The key, such as `jwt.algorithm`.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What is wrong with it, and what is allowed.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}
