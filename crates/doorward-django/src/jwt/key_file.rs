//! A key as it stands in a file of a key directory: [`KeyFile`].

use thiserror::Error;

use super::{Algorithm, AlgorithmError, KeyError, RingKey, check_strength};
use crate::secret::Secret;
use crate::timestamp::Timestamp;

/// A key in a file: lines of `name: value`, then the key in PEM, or as the value of `secret`.
///
/// ```text
/// kid: 2026-11
/// algorithm: ES256
/// signs-from: 2026-11-22T10:00:00Z
/// verifies-until: 2026-12-23T10:00:00Z
///
/// -----BEGIN PRIVATE KEY-----
/// …
/// ```
///
/// Each line may be left out, so that a bare PEM file is one too: its name is then its thumbprint, and its algorithm
/// that of the settings. Without `signs-from` a key verifies only. OpenSSL reads such a file as well: text before
/// the key is passed over (RFC 7468 §2).
#[derive(Clone, Debug)]
pub struct KeyFile {
    /// Its name, other than the thumbprint.
    pub kid: Option<String>,
    /// What it is for; that of the settings unless named.
    pub algorithm: Option<Algorithm>,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// From when on it signs; without, it verifies only.
    pub signs_from: Option<Timestamp>,
    /// When it is retired.
    pub verifies_until: Option<Timestamp>,
    /// A PEM, private or public, or the secret of HMAC.
    pub key: Secret<String>,
}

/// Why a file holds no key that can be used; shown, it repeats nothing of the key.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFileError {
    /// Nothing at all.
    #[error("the file is empty")]
    Empty,
    /// A line before the key that is not `name: value`, or whose name is not known.
    #[error(
        "line {0} is not known; before the key stand `kid:`, `algorithm:`, `created:`, `signs-from:`, `verifies-until:` and `secret:` only"
    )]
    UnknownLine(usize),
    /// A moment that is none.
    #[error("line {0} has no time such as 2026-11-22T10:00:00Z")]
    NoTime(usize),
    /// An algorithm that is none, or not in this build.
    #[error(transparent)]
    Algorithm(#[from] AlgorithmError),
    /// The key itself.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl KeyFile {
    /// A key without name or times.
    #[must_use]
    pub fn new(key: Secret<String>) -> Self {
        Self {
            kid: None,
            algorithm: None,
            created: None,
            signs_from: None,
            verifies_until: None,
            key,
        }
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// [`KeyFileError`] for an empty file, and for lines before the key that are not known. The key itself is not
    /// looked at before [`ring_key`](Self::ring_key).
    pub fn parse(text: &str) -> Result<Self, KeyFileError> {
        if text.trim().is_empty() {
            return Err(KeyFileError::Empty);
        }
        let (head, pem) = text.split_at(text.find("-----BEGIN").unwrap_or(text.len()));
        let mut file = Self::new(Secret::new(pem.to_owned()));
        for (index, line) in head.lines().enumerate() {
            if !line.trim().is_empty() {
                file.read_line(line, index + 1)?;
            }
        }
        Ok(file)
    }

    fn read_line(&mut self, line: &str, number: usize) -> Result<(), KeyFileError> {
        let (name, value) = line.split_once(':').ok_or(KeyFileError::UnknownLine(number))?;
        let value = value.trim();
        let time = || Timestamp::from_sqlite(value).ok_or(KeyFileError::NoTime(number));
        match name.trim() {
            "kid" => self.kid = Some(value.to_owned()),
            "algorithm" => self.algorithm = Some(value.parse()?),
            "created" => self.created = Some(time()?),
            "signs-from" => self.signs_from = Some(time()?),
            "verifies-until" => self.verifies_until = Some(time()?),
            "secret" => self.key = Secret::new(value.to_owned()),
            _ => return Err(KeyFileError::UnknownLine(number)),
        }
        Ok(())
    }

    /// The file's text: what [`parse`](Self::parse) reads.
    #[must_use]
    pub fn to_text(&self) -> Secret<String> {
        let mut text = String::new();
        let key = self.key.expose();
        let is_pem = key.contains("-----BEGIN");
        let lines = [
            ("kid", self.kid.clone()),
            ("algorithm", self.algorithm.map(|algorithm| algorithm.to_string())),
            ("created", self.created.map(Timestamp::to_iso)),
            ("signs-from", self.signs_from.map(Timestamp::to_iso)),
            ("verifies-until", self.verifies_until.map(Timestamp::to_iso)),
            ("secret", (!is_pem).then(|| key.clone())),
        ];
        for (name, value) in lines {
            if let Some(value) = value {
                text.extend([name, ": ", &value, "\n"]);
            }
        }
        if is_pem {
            text.extend(["\n", key]);
        }
        Secret::new(text)
    }

    /// The key, ready for a [`Keyring`](super::Keyring).
    ///
    /// # Errors
    /// [`KeyError`] as [`RingKey::new`], and for a weak secret.
    pub fn ring_key(&self, algorithm: Algorithm) -> Result<RingKey, KeyError> {
        let algorithm = self.algorithm.unwrap_or(algorithm);
        let key = self.key.expose().as_bytes();
        check_strength(algorithm, key)?;
        let is_public = self.key.expose().contains("PUBLIC KEY-----");
        let ring_key = match is_public {
            true => RingKey::new(algorithm, b"", key)?,
            false => RingKey::new(algorithm, key, b"")?,
        };
        Ok(self.with_times(match &self.kid {
            Some(kid) => ring_key.named(kid),
            None => ring_key,
        }))
    }

    fn with_times(&self, key: RingKey) -> RingKey {
        let key = match self.signs_from {
            Some(begin) => key.signs_from(begin),
            None => key.verifies_only(),
        };
        match self.verifies_until {
            Some(end) => key.verifies_until(end),
            None => key,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

    fn secret() -> KeyFile {
        KeyFile {
            kid: Some("one".to_owned()),
            algorithm: Some(Algorithm::Hs384),
            created: Some(NOW),
            signs_from: Some(NOW),
            ..KeyFile::new(Secret::new("a secret: of thirty-two bytes and more".to_owned()))
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = secret().to_text();
        let read = KeyFile::parse(text.expose()).unwrap();
        assert_eq!(read.to_text().expose(), text.expose());
        let key = read.ring_key(Algorithm::Hs256).unwrap();
        assert_eq!((key.kid(), key.algorithm()), ("one", Algorithm::Hs384));
        assert!(key.signs_at(NOW) && !key.signs_at(Timestamp::from_secs(1)));
        assert!(!format!("{read:?}").contains("thirty-two"));
    }

    #[test]
    fn without_a_time_a_key_only_verifies() {
        let file = KeyFile {
            signs_from: None,
            ..secret()
        };
        let key = file.ring_key(Algorithm::Hs256).unwrap();
        assert!(key.verifies_at(NOW) && !key.signs_at(NOW));
    }

    #[test]
    fn mistakes_are_told_and_keys_are_not() {
        for (text, error) in [
            ("", KeyFileError::Empty),
            (" \n\n", KeyFileError::Empty),
            ("hunter2", KeyFileError::UnknownLine(1)),
            ("kid: a\nhunter2: b", KeyFileError::UnknownLine(2)),
            ("kid: a\n\nsigns-from: soon", KeyFileError::NoTime(3)),
        ] {
            let refused = KeyFile::parse(text).unwrap_err();
            assert_eq!(refused, error, "{text}");
            assert!(!refused.to_string().contains("hunter2"));
        }
        let weak = KeyFile::parse("secret: hunter2").unwrap();
        assert!(matches!(
            weak.ring_key(Algorithm::Hs256),
            Err(KeyError::Weak { bytes: 7, .. })
        ));
    }

    #[cfg(feature = "asymmetric")]
    #[test]
    fn a_bare_pem_is_a_key() {
        let pem = crate::jwt::generate_pem(Algorithm::Es256).unwrap();
        let file = KeyFile::parse(pem.expose()).unwrap();
        let key = file.ring_key(Algorithm::Es256).unwrap();
        assert_eq!(Some(key.kid().to_owned()), key.keys().verifying.thumbprint());
        assert!(file.ring_key(Algorithm::Rs256).is_err());
        let again = KeyFile::parse(file.to_text().expose()).unwrap();
        assert_eq!(again.key.expose(), pem.expose());
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text in "(kid|algorithm|secret|signs-from|x)?:? ?[ -~]{0,9}\n{0,2}(-----BEGIN [A-Z ]{0,12}-----)?") {
            let _ = KeyFile::parse(&text).map(|file| file.ring_key(Algorithm::Hs256).is_ok());
        }
    }
}
