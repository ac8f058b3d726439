//! Whether a new password is good enough: Django's four validators, with its messages and codes.
//!
//! Source: `django.contrib.auth.password_validation`.
//!
//! ```
//! use doorward_django::passwords::validators::{UserAttributes, Validator, validate_password};
//!
//! let errors = validate_password("12345678901", &UserAttributes::default(), &Validator::defaults());
//! let codes: Vec<_> = errors.unwrap_err().iter().map(|error| error.code).collect();
//! assert_eq!(codes, ["password_too_common", "password_entirely_numeric"]);
//! ```

mod common;
mod similarity;

use std::str::FromStr;

pub use self::common::{PasswordList, PasswordListError};
pub use self::similarity::{UserAttribute, UserAttributeSimilarity, UserAttributes};
use crate::python_text::is_digits;

/// A rule for new passwords (an entry of `AUTH_PASSWORD_VALIDATORS`).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Validator {
    /// `UserAttributeSimilarityValidator`: not too like the user's name or address.
    UserAttributeSimilarity(UserAttributeSimilarity),
    /// `MinimumLengthValidator`: at least so many characters.
    MinimumLength(usize),
    /// `CommonPasswordValidator`: not one of the nearly 20 000 that Django lists.
    CommonPassword,
    /// The same with a list of one's own (`password_list_path`).
    ListedPassword(PasswordList),
    /// `NumericPasswordValidator`: not digits alone.
    NumericPassword,
}

/// What one validator found wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ValidationError {
    /// Django's message, in English.
    pub message: String,
    /// Django's code for it.
    pub code: &'static str,
}

/// No validator of Django's has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown password validator {0:?}")]
pub struct UnknownValidator(pub String);

/// Asks every validator, in order.
///
/// # Errors
///
/// All that is wrong, in the order of the validators; each gives one error at most.
pub fn validate_password(
    password: &str,
    user: &UserAttributes<'_>,
    validators: &[Validator],
) -> Result<(), Vec<ValidationError>> {
    let errors: Vec<_> = validators
        .iter()
        .filter_map(|validator| validator.validate(password, user).err())
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    Err(errors)
}

impl Validator {
    /// Django's minimum length, unless it is set.
    pub const DEFAULT_MINIMUM_LENGTH: usize = 8;

    /// The four that a new Django project has, in its order.
    #[must_use]
    pub fn defaults() -> Vec<Self> {
        vec![
            Self::UserAttributeSimilarity(UserAttributeSimilarity::default()),
            Self::MinimumLength(Self::DEFAULT_MINIMUM_LENGTH),
            Self::CommonPassword,
            Self::NumericPassword,
        ]
    }

    /// The name of Django's class.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::UserAttributeSimilarity(_) => "UserAttributeSimilarityValidator",
            Self::MinimumLength(_) => "MinimumLengthValidator",
            Self::CommonPassword | Self::ListedPassword(_) => "CommonPasswordValidator",
            Self::NumericPassword => "NumericPasswordValidator",
        }
    }

    /// Asks this validator alone.
    ///
    /// # Errors
    ///
    /// What is wrong with the password.
    pub fn validate(&self, password: &str, user: &UserAttributes<'_>) -> Result<(), ValidationError> {
        match self {
            Self::UserAttributeSimilarity(similarity) => similarity.validate(password, user),
            Self::MinimumLength(length) => minimum_length(password, *length),
            Self::CommonPassword => common::validate(password),
            Self::ListedPassword(list) => list.validate(password),
            Self::NumericPassword => not_numeric(password),
        }
    }

    /// What to tell someone who is about to choose a password.
    #[must_use]
    pub fn help_text(&self) -> String {
        match self {
            Self::UserAttributeSimilarity(_) => {
                "Your password can’t be too similar to your other personal information.".to_owned()
            }
            Self::MinimumLength(length) => {
                format!("Your password must contain at least {}.", characters(*length))
            }
            Self::CommonPassword | Self::ListedPassword(_) => {
                "Your password can’t be a commonly used password.".to_owned()
            }
            Self::NumericPassword => "Your password can’t be entirely numeric.".to_owned(),
        }
    }
}

/// Reads the name of Django's class, with or without the module before it; options are the defaults.
impl FromStr for Validator {
    type Err = UnknownValidator;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let class = name
            .strip_prefix("django.contrib.auth.password_validation.")
            .unwrap_or(name);
        let found = Self::defaults()
            .into_iter()
            .find(|validator| validator.name() == class);
        found.ok_or_else(|| UnknownValidator(name.to_owned()))
    }
}

fn minimum_length(password: &str, length: usize) -> Result<(), ValidationError> {
    if password.chars().count() >= length {
        return Ok(());
    }
    Err(ValidationError {
        message: format!(
            "This password is too short. It must contain at least {}.",
            characters(length)
        ),
        code: "password_too_short",
    })
}

fn characters(count: usize) -> String {
    match count {
        1 => "1 character".to_owned(),
        _ => format!("{count} characters"),
    }
}

fn not_numeric(password: &str) -> Result<(), ValidationError> {
    if !is_digits(password) {
        return Ok(());
    }
    Err(ValidationError {
        message: "This password is entirely numeric.".to_owned(),
        code: "password_entirely_numeric",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_django_s() {
        for validator in Validator::defaults() {
            assert_eq!(validator.name().parse(), Ok(validator.clone()));
            let path = format!("django.contrib.auth.password_validation.{}", validator.name());
            assert_eq!(path.parse(), Ok(validator));
        }
        assert!("LengthValidator".parse::<Validator>().is_err());
    }

    #[test]
    fn one_character_is_singular() {
        let nobody = UserAttributes::default();
        let error = Validator::MinimumLength(1).validate("", &nobody).unwrap_err();
        assert_eq!(
            error.to_string(),
            "This password is too short. It must contain at least 1 character."
        );
        assert_eq!(
            Validator::MinimumLength(2).help_text(),
            "Your password must contain at least 2 characters."
        );
    }

    #[test]
    fn length_is_in_characters() {
        let nobody = UserAttributes::default();
        assert_eq!(Validator::MinimumLength(4).validate("éééé", &nobody), Ok(()));
        assert!(Validator::MinimumLength(4).validate("ééé", &nobody).is_err());
    }
}
