//! [`SettingsError`]: what is wrong with the settings, and what to do; [`Errors`]: all that is wrong with them.

use std::error::Error;
use std::fmt;

/// A setting has an impossible value, or one whose feature does not exist yet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct SettingsError {
    key: String,
    problem: String,
    item: Option<usize>,
}

impl SettingsError {
    /// A problem with the value of `key`, such as `jwt.algorithm`. The problem says what is allowed and what to do,
    /// and never repeats a secret.
    pub fn new(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            problem: problem.into(),
            item: None,
        }
    }

    /// The same, of one item of the list that is the value; the first one is 0.
    #[must_use]
    pub fn of_item(self, item: usize) -> Self {
        Self {
            item: Some(item),
            ..self
        }
    }

    /// Which item of the list is wrong; `None` where it is the value as a whole.
    #[must_use]
    pub fn item(&self) -> Option<usize> {
        self.item
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

/// All that is wrong with settings, to be mended in one go: one error or more, a line each.
#[derive(Clone, PartialEq, Eq)]
pub struct Errors<E> {
    first: E,
    rest: Vec<E>,
}

/// All that [`Settings::validate`](super::Settings::validate) finds.
pub type SettingsErrors = Errors<SettingsError>;

impl<E> Errors<E> {
    /// Nothing where there is no error.
    ///
    /// # Errors
    /// All of them, where there is one.
    pub fn none_in(errors: impl IntoIterator<Item = E>) -> Result<(), Self> {
        let mut errors = errors.into_iter();
        match errors.next() {
            None => Ok(()),
            Some(first) => Err(Self {
                first,
                rest: errors.collect(),
            }),
        }
    }

    /// The error that was found first.
    pub fn first(&self) -> &E {
        &self.first
    }

    /// All of them, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &E> {
        std::iter::once(&self.first).chain(&self.rest)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut E> {
        std::iter::once(&mut self.first).chain(&mut self.rest)
    }
}

impl Errors<SettingsError> {
    /// The key of the first error.
    #[must_use]
    pub fn key(&self) -> &str {
        self.first.key()
    }

    /// What is wrong with that key, and what is allowed.
    #[must_use]
    pub fn problem(&self) -> &str {
        self.first.problem()
    }
}

impl<E> From<E> for Errors<E> {
    fn from(first: E) -> Self {
        Self {
            first,
            rest: Vec::new(),
        }
    }
}

impl<E: fmt::Display> fmt::Display for Errors<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        self.rest.iter().try_for_each(|error| write!(f, "\n{error}"))
    }
}

/// As people read it: a `main` that returns this error prints it so.
impl<E: fmt::Display> fmt::Debug for Errors<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<E: fmt::Display> Error for Errors<E> {}
