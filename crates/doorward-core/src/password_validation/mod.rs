//! [`validate_password`]: whether a new password is good enough (`django.contrib.auth.password_validation`).
//!
//! `passwords.validators` names who is asked: Django's four, and those that apps bring. One of one's own:
//!
//! ```
//! use doorward_core::password_validation::{PasswordOwner, PasswordValidator, ValidationError};
//! use doorward_core::{Answer, Door, Result};
//! use doorward_django::secret::Secret;
//!
//! /// At least one digit.
//! struct DigitValidator;
//!
//! impl PasswordValidator for DigitValidator {
//!     fn validate<'a>(
//!         &'a self,
//!         password: &'a Secret<String>,
//!         _: &'a PasswordOwner<'a>,
//!         _: &'a Door,
//!     ) -> Answer<'a, Result<Vec<ValidationError>>> {
//!         let wrong = ValidationError {
//!             message: "This password has no digit.".to_owned(),
//!             code: "password_no_digit",
//!         };
//!         let has_digit = password.expose().chars().any(|c| c.is_ascii_digit());
//!         Answer::ready(Ok(if has_digit { Vec::new() } else { vec![wrong] }))
//!     }
//! }
//! ```

mod named;

use std::fmt;
use std::sync::Arc;

use doorward_django::bounds::{self, MAX_NEW_PASSWORD};
use doorward_django::passwords::validators::Validator;
use doorward_django::secret::Secret;

pub use doorward_django::passwords::validators::{UserAttributes, ValidationError};

pub(crate) use named::{check_options, with_options};

use crate::answer::Answer;
use crate::door::Door;
use crate::exceptions::Result;
use crate::user::{UserId, UserRow};

/// A rule for new passwords (an entry of `AUTH_PASSWORD_VALIDATORS`).
pub trait PasswordValidator: Send + Sync {
    /// What is wrong with that password; nothing where it is good enough. The text of an error does not repeat the password.
    ///
    /// # Errors
    /// Where it cannot say, such as 503 where a database is away.
    fn validate<'a>(
        &'a self,
        password: &'a Secret<String>,
        owner: &'a PasswordOwner<'a>,
        door: &'a Door,
    ) -> Answer<'a, Result<Vec<ValidationError>>>;
}

/// Whose password it is to be.
#[derive(Clone, Copy, Debug, Default)]
pub struct PasswordOwner<'a> {
    /// The user's primary key; `None` for one that is still to be made.
    pub id: Option<&'a UserId>,
    /// What is known of the user.
    pub attributes: UserAttributes<'a>,
}

impl<'a> From<&'a UserRow> for PasswordOwner<'a> {
    fn from(user: &'a UserRow) -> Self {
        Self {
            id: Some(&user.id),
            attributes: UserAttributes {
                username: &user.username,
                first_name: &user.first_name,
                last_name: &user.last_name,
                email: &user.email,
            },
        }
    }
}

/// Asks the validators of the settings whether a password is good enough for that user
/// (`django.contrib.auth.password_validation.validate_password`); one of more than [`MAX_NEW_PASSWORD`] characters
/// never is.
///
/// # Errors
/// Where a validator cannot say. What is wrong is no error of that kind: it is told in the order of the settings, with Django's
/// messages.
pub async fn validate_password(
    password: &Secret<String>,
    owner: PasswordOwner<'_>,
    door: &Door,
) -> Result<Result<(), Vec<ValidationError>>> {
    if !bounds::has_at_most(password.expose(), MAX_NEW_PASSWORD) {
        return Ok(Err(vec![too_long()]));
    }
    let mut errors = Vec::new();
    for validator in &door.required_slot::<PasswordValidators>().0 {
        errors.extend(validator.validate(password, &owner, door).await?);
    }
    Ok(match errors.is_empty() {
        true => Ok(()),
        false => Err(errors),
    })
}

/// As DRF's `CharField(max_length=…)` says it.
fn too_long() -> ValidationError {
    ValidationError {
        message: format!("Ensure this field has no more than {MAX_NEW_PASSWORD} characters."),
        code: "max_length",
    }
}

/// Who is asked about a new password, in order.
pub(crate) struct PasswordValidators(pub(crate) Vec<Arc<dyn PasswordValidator>>);

impl fmt::Debug for PasswordValidators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PasswordValidators({})", self.0.len())
    }
}

/// Django's own.
impl PasswordValidator for Validator {
    fn validate<'a>(
        &'a self,
        password: &'a Secret<String>,
        owner: &'a PasswordOwner<'a>,
        _: &'a Door,
    ) -> Answer<'a, Result<Vec<ValidationError>>> {
        let judged = Validator::validate(self, password.expose(), &owner.attributes);
        Answer::ready(Ok(judged.err().into_iter().collect()))
    }
}
