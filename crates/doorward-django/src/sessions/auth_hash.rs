//! [`SessionAuthHash`]: what ends the sessions of a user when it changes.

use crate::crypto::{constant_time_eq, salted_hmac, salted_hmac_sha1};
use crate::hex;
use crate::secret::{SecretKey, SecretKeys};

const KEY_SALT: &str = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash";

/// Which key proved a session's hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifiedBy {
    /// `SECRET_KEY`: all is well.
    Current,
    /// One of `SECRET_KEY_FALLBACKS`: Django then cycles the session key and writes the hash anew.
    Fallback,
}

/// The hash that `salted_hmac` is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionAuthAlgorithm {
    /// `salted_hmac`'s default.
    Sha1,
    /// That of Django's own method.
    Sha256,
}

/// How a model makes what a login puts under [`HASH_SESSION_KEY`](super::HASH_SESSION_KEY): Django's way, or a method of the
/// project's own. What goes in is a text that is made of columns, the encoded password among them.
///
/// Source: `AbstractBaseUser.get_session_auth_hash`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionAuthHash {
    key_salt: String,
    algorithm: SessionAuthAlgorithm,
    parts: Vec<Part>,
}

/// A part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Column(String),
    Text(String),
}

impl Default for SessionAuthHash {
    fn default() -> Self {
        Self {
            key_salt: KEY_SALT.to_owned(),
            algorithm: SessionAuthAlgorithm::Sha256,
            parts: vec![Part::Column("password".to_owned())],
        }
    }
}

impl SessionAuthHash {
    /// A text with names of columns in braces, such as `{password}{session_nonce}`; `None` where a brace is not closed, or
    /// the password is not in it.
    ///
    /// ```
    /// use doorward_django::sessions::{SessionAuthAlgorithm, SessionAuthHash};
    ///
    /// let hash = |value| SessionAuthHash::new("salt", SessionAuthAlgorithm::Sha1, value);
    /// let columns = hash("{password}-{nonce}").unwrap();
    /// assert_eq!(columns.columns().collect::<Vec<_>>(), ["password", "nonce"]);
    /// assert_eq!(hash("{nonce}"), None);
    /// ```
    #[must_use]
    pub fn new(key_salt: &str, algorithm: SessionAuthAlgorithm, value: &str) -> Option<Self> {
        let made = Self {
            key_salt: key_salt.to_owned(),
            algorithm,
            parts: parts(value)?,
        };
        let has_password = made.columns().any(|column| column == "password");
        has_password.then_some(made)
    }

    /// The columns whose texts go into it.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Column(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The text that is hashed; `column` gives what is in each, as Python's `str` writes it.
    #[must_use]
    pub fn text<'a>(&'a self, mut column: impl FnMut(&'a str) -> String) -> String {
        let part = |part: &'a Part| match part {
            Part::Column(name) => column(name),
            Part::Text(text) => text.clone(),
        };
        self.parts.iter().map(part).collect()
    }

    /// The MAC of that text.
    #[must_use]
    pub fn sign(&self, text: &str, key: &SecretKey) -> String {
        match self.algorithm {
            SessionAuthAlgorithm::Sha1 => {
                hex::encode(&salted_hmac_sha1(&self.key_salt, text.as_bytes(), key))
            }
            SessionAuthAlgorithm::Sha256 => hex::encode(&salted_hmac(&self.key_salt, text.as_bytes(), key)),
        }
    }

    /// Which of `keys` made the `stored` hash for this text; `None` where none did.
    ///
    /// `None` means that the password has changed since the login, or that the session is forged: flush it.
    /// Source: `django.contrib.auth.get_user`.
    #[must_use]
    pub fn verify(&self, stored: &str, text: &str, keys: &SecretKeys) -> Option<VerifiedBy> {
        let made_by = |key: &SecretKey| constant_time_eq(stored.as_bytes(), self.sign(text, key).as_bytes());
        if made_by(&keys.current) {
            return Some(VerifiedBy::Current);
        }
        keys.fallbacks.iter().any(made_by).then_some(VerifiedBy::Fallback)
    }
}

fn parts(value: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = value;
    while let Some((text, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        if !text.is_empty() {
            parts.push(Part::Text(text.to_owned()));
        }
        parts.push(Part::Column(name.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    Some(parts)
}

/// What a login puts under [`HASH_SESSION_KEY`](super::HASH_SESSION_KEY) where the model has no method of its own: a MAC of
/// the encoded password.
///
/// `password` is the column's text, not what the user types.
/// Source: `AbstractBaseUser.get_session_auth_hash`.
#[must_use]
pub fn session_auth_hash(password: &str, key: &SecretKey) -> String {
    hex::encode(&salted_hmac(KEY_SALT, password.as_bytes(), key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_of_ones_own_is_hashed_as_python_does() {
        // salted_hmac("like_b", "hash" + "nonce", secret="secret", algorithm=…).hexdigest()
        for (algorithm, expected) in [
            (
                SessionAuthAlgorithm::Sha256,
                "9ff983e473161f8745b262b742e1f5f43fa86d27618b469abc17401d3f5b7145",
            ),
            (
                SessionAuthAlgorithm::Sha1,
                "12ff84ffccacbd9f79b06f0ae0802c250787bc2e",
            ),
        ] {
            let own =
                SessionAuthHash::new("like_b", algorithm, "{password}{nonce}").expect("it has a password");
            let text = own.text(|column| if column == "password" { "hash" } else { "nonce" }.to_owned());
            assert_eq!(own.sign(&text, &SecretKey::new("secret")), expected);
        }
    }

    #[test]
    fn an_open_brace_is_refused() {
        assert_eq!(
            SessionAuthHash::new("", SessionAuthAlgorithm::Sha1, "{password}{"),
            None
        );
    }

    use crate::golden;

    #[test]
    fn the_key_that_proved_it_is_told() {
        let keys = SecretKeys {
            current: SecretKey::new("new"),
            fallbacks: vec![SecretKey::new("old")],
        };
        let verify = |stored: &str| SessionAuthHash::default().verify(stored, "encoded", &keys);
        assert_eq!(
            verify(&session_auth_hash("encoded", &keys.current)),
            Some(VerifiedBy::Current)
        );
        assert_eq!(
            verify(&session_auth_hash("encoded", &SecretKey::new("old"))),
            Some(VerifiedBy::Fallback)
        );
        assert_eq!(verify(&session_auth_hash("changed", &keys.current)), None);
        assert_eq!(
            verify(&session_auth_hash("encoded", &SecretKey::new("other"))),
            None
        );
        assert_eq!(verify(""), None);
    }
    #[test]
    fn hashes_are_django_s() {
        let keys = golden::keys();
        for case in golden::cases("session_auth_hashes") {
            let password = case["password"].as_str().unwrap();
            let verify = |stored: &str| SessionAuthHash::default().verify(stored, password, &keys);
            assert_eq!(session_auth_hash(password, &keys.current), case["current"]);
            assert_eq!(
                verify(case["current"].as_str().unwrap()),
                Some(VerifiedBy::Current)
            );
            for stored in golden::texts(&case["fallbacks"]) {
                assert_eq!(verify(stored), Some(VerifiedBy::Fallback));
            }
        }
        let case = golden::formats("session_auth_hash");
        let key = golden::format_keys().current;
        assert_eq!(
            session_auth_hash(case["password"].as_str().unwrap(), &key),
            case["hash"]
        );
    }
}
