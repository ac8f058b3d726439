//! Passwords that everyone has: Django's own list, from `common-passwords.txt.gz` beside this file.

use std::io::Read;
use std::sync::LazyLock;

use flate2::read::GzDecoder;

use super::ValidationError;
use crate::python_text::is_space;

/// The list, sorted; read when it is first asked for.
static COMMON: LazyLock<Vec<Box<str>>> = LazyLock::new(read);

/// Refuses a password of the list, in whatever case and with whatever space about it.
///
/// Source: `django.contrib.auth.password_validation.CommonPasswordValidator`.
pub(super) fn validate(password: &str) -> Result<(), ValidationError> {
    let lower = password.to_lowercase();
    let plain = lower.trim_matches(is_space);
    if COMMON
        .binary_search_by(|common| common.as_ref().cmp(plain))
        .is_err()
    {
        return Ok(());
    }
    Err(ValidationError {
        message: "This password is too common.".to_owned(),
        code: "password_too_common",
    })
}

fn read() -> Vec<Box<str>> {
    let mut text = String::new();
    GzDecoder::new(&include_bytes!("common-passwords.txt.gz")[..])
        .read_to_string(&mut text)
        .expect("the list that is compiled in is gzipped UTF-8");
    let mut common: Vec<Box<str>> = text
        .lines()
        .map(|line| line.trim_matches(is_space).into())
        .collect();
    common.sort_unstable();
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole() {
        assert_eq!(COMMON.len(), 19_640);
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
