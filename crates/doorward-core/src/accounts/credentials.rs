use doorward_django::bounds::{self, MAX_PASSWORD};
use doorward_django::secret::Secret;

use crate::exceptions::Result;
use crate::fields::{self, CharField};
use crate::parsers::Data;

/// A name and a password, as a client sent them, within their bounds.
pub(super) struct Credentials {
    pub(super) username: String,
    pub(super) password: Secret<String>,
}

impl Credentials {
    /// Takes both fields, and drops the rest before anybody waits; what is wrong with either is told at once.
    pub(super) fn read(data: Data, username: CharField<'_>, password: CharField<'_>) -> Result<Self> {
        let mut texts = fields::read(&data, &[username, password])?.into_iter();
        drop(data);
        let mut next = || texts.next().unwrap_or_default();
        Ok(Self {
            username: bounds::name(&next()).into_owned(),
            password: self::password(next()),
        })
    }
}

/// The password; of one that is too long a part that is too long as well, which is wrong whatever it is.
pub(super) fn password(mut text: String) -> Secret<String> {
    text.truncate(text.floor_char_boundary(MAX_PASSWORD + char::MAX_LEN_UTF8));
    Secret::new(text)
}
