use doorward_django::secret::Secret;

use crate::exceptions::Result;
use crate::fields::{self, CharField};
use crate::parsers::Data;

/// A name and a password, as a client sent them.
pub(super) struct Credentials {
    pub(super) username: String,
    pub(super) password: Secret<String>,
}

impl Credentials {
    /// Reads both fields; what is wrong with either is told at once.
    pub(super) fn read(data: &Data, username: CharField<'_>, password: CharField<'_>) -> Result<Self> {
        let mut texts = fields::read(data, &[username, password])?.into_iter();
        let mut next = || texts.next().unwrap_or_default();
        Ok(Self {
            username: next(),
            password: Secret::new(next()),
        })
    }
}
