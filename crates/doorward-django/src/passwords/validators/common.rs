//! Passwords that everyone has: Django's own list, from `common-passwords.txt.gz` beside this file, or a list of one's own.

use std::fmt;
use std::io::Read;
use std::sync::{Arc, LazyLock};

use flate2::read::GzDecoder;

use super::ValidationError;
use crate::python_text::is_space;

/// Django's list; read when it is first asked for.
static COMMON: LazyLock<PasswordList> = LazyLock::new(|| {
    let list = PasswordList::read(include_bytes!("common-passwords.txt.gz"));
    list.expect("the list that is compiled in is gzipped UTF-8")
});

/// How large a list may be, unpacked.
const LARGEST_LIST: u64 = 64 << 20;

/// The first bytes of what gzip has packed (RFC 1952 §2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Passwords that nobody may have: a file's lines (`password_list_path` of `CommonPasswordValidator`). Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordList(Arc<[Box<str>]>);

/// A file is no list of passwords.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordListError {
    /// It is no text, or was packed and is damaged.
    #[error("it is no UTF-8 text, packed with gzip or not")]
    NoText,
    /// It is larger than 64 MiB.
    #[error("it is larger than 64 MiB")]
    TooLarge,
}

impl PasswordList {
    /// The list of a file: a password a line, in lower case, as what is compared with it. It may be packed with gzip.
    ///
    /// # Errors
    /// What is no text, or too large.
    pub fn read(file: &[u8]) -> Result<Self, PasswordListError> {
        let mut text = String::new();
        let read = match file.starts_with(&GZIP) {
            true => GzDecoder::new(file)
                .take(LARGEST_LIST + 1)
                .read_to_string(&mut text),
            false => file.take(LARGEST_LIST + 1).read_to_string(&mut text),
        };
        match read {
            Err(_) => Err(PasswordListError::NoText),
            Ok(length) if length as u64 > LARGEST_LIST => Err(PasswordListError::TooLarge),
            Ok(_) => Ok(Self::of(&text)),
        }
    }

    fn of(text: &str) -> Self {
        let lines = text.lines().map(|line| line.trim_matches(is_space).into());
        let mut passwords: Vec<Box<str>> = lines.collect();
        passwords.sort_unstable();
        Self(passwords.into())
    }

    /// Refuses a password of the list, in whatever case and with whatever space about it.
    ///
    /// Source: `django.contrib.auth.password_validation.CommonPasswordValidator`.
    pub(super) fn validate(&self, password: &str) -> Result<(), ValidationError> {
        let lower = password.to_lowercase();
        let plain = lower.trim_matches(is_space);
        match self.0.binary_search_by(|common| common.as_ref().cmp(plain)) {
            Err(_) => Ok(()),
            Ok(_) => Err(ValidationError {
                message: "This password is too common.".to_owned(),
                code: "password_too_common",
            }),
        }
    }
}

impl fmt::Debug for PasswordList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PasswordList({} lines)", self.0.len())
    }
}

/// As [`PasswordList::validate`], with Django's list.
pub(super) fn validate(password: &str) -> Result<(), ValidationError> {
    COMMON.validate(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole() {
        assert_eq!(COMMON.0.len(), 19_640);
    }

    #[test]
    fn a_list_of_ones_own_is_read_packed_or_not() {
        let list = PasswordList::read(b"doorward\r\n  open sesame\t\ndoorward\n").unwrap();
        for password in ["Doorward", " open sesame", "OPEN SESAME\n"] {
            assert!(list.validate(password).is_err(), "{password}");
        }
        assert_eq!(list.validate("password"), Ok(()));
        assert_eq!(PasswordList::read(&[0xff, 0xfe]), Err(PasswordListError::NoText));
        assert_eq!(
            PasswordList::read(&[0x1f, 0x8b, 0]),
            Err(PasswordListError::NoText)
        );
        assert_eq!(PasswordList::read(b"").unwrap().validate("x"), Ok(()));
    }

    #[test]
    fn case_and_outer_space_do_not_help() {
        for password in ["password", "PassWord", " password\x1c", "Пароль"] {
            assert!(validate(password).is_err(), "{password}");
        }
        assert_eq!(validate("pass word"), Ok(()));
        assert_eq!(validate(""), Ok(()));
    }
}
