//! Names to log in by and e-mail addresses, as Django normalises and judges them.
//!
//! ```
//! use doorward_django::usernames::{normalize_email, normalize_username, validate_username};
//!
//! assert_eq!(normalize_username("Ａlice"), "Alice");
//! assert_eq!(normalize_email("Alice@Example.COM"), "Alice@example.com");
//! assert!(validate_username("alice@home").is_ok());
//! assert!(validate_username("alice smith").is_err());
//! ```

use unicode_normalization::UnicodeNormalization;

use crate::bounds;
use crate::passwords::validators::ValidationError;
use crate::python_text::{is_space, is_word};

/// The greatest length of a username, in characters (`AbstractUser.username.max_length`).
pub const MAX_USERNAME_LENGTH: usize = 150;

/// A username in Unicode's form NFKC, so that names that look the same are the same; one that is too long to be
/// anybody's ([`bounds::is_name`]) is left as it is, for the form may be 18 times as long.
/// Source: `AbstractBaseUser.normalize_username`, and `UsernameField.to_python` for the length.
#[must_use]
pub fn normalize_username(username: &str) -> String {
    match bounds::is_name(username) {
        true => username.nfkc().collect(),
        false => username.to_owned(),
    }
}

/// An e-mail address with its domain in lower case and no space about it; left alone without an `@`.
/// Source: `BaseUserManager.normalize_email`.
#[must_use]
pub fn normalize_email(email: &str) -> String {
    match email.trim_matches(is_space).rsplit_once('@') {
        Some((name, domain)) => format!("{name}@{}", domain.to_lowercase()),
        None => email.to_owned(),
    }
}

/// Judges a username by the two rules of Django's field: its characters, then its length.
///
/// # Errors
///
/// All that is wrong: code `invalid` (`UnicodeUsernameValidator`, also for an empty name), `max_length`
/// (`MaxLengthValidator`).
pub fn validate_username(username: &str) -> Result<(), Vec<ValidationError>> {
    let checks = [check_characters(username), check_length(username)];
    let errors: Vec<_> = checks.into_iter().filter_map(Result::err).collect();
    if errors.is_empty() {
        return Ok(());
    }
    Err(errors)
}

/// `^[\w.@+-]+\Z`.
fn check_characters(username: &str) -> Result<(), ValidationError> {
    let allowed = |character| is_word(character) || matches!(character, '.' | '@' | '+' | '-');
    if !username.is_empty() && username.chars().all(allowed) {
        return Ok(());
    }
    Err(ValidationError {
        message:
            "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."
                .to_owned(),
        code: "invalid",
    })
}

fn check_length(username: &str) -> Result<(), ValidationError> {
    let length = username.chars().count();
    if length <= MAX_USERNAME_LENGTH {
        return Ok(());
    }
    Err(ValidationError {
        message: format!("Ensure this value has at most {MAX_USERNAME_LENGTH} characters (it has {length})."),
        code: "max_length",
    })
}

/// A name as it counts for a reader who does not look at case: in form NFKC, in lower case.
#[must_use]
pub fn unicode_ci_fold(text: &str) -> String {
    normalize_username(text).to_lowercase()
}

/// Whether two names are the same to a reader who does not look at case: both in form NFKC, in lower case.
///
/// What a database takes for the same may look the same and be another: an address that a mail goes to, or a name to
/// log in by, is held to this too. Source: `django.contrib.auth.forms._unicode_ci_compare`.
///
/// ```
/// use doorward_django::usernames::unicode_ci_eq;
///
/// assert!(unicode_ci_eq("Mike@Example.org", "mike@example.org"));
/// assert!(!unicode_ci_eq("mike@example.org", "mıke@example.org"));
/// ```
#[must_use]
pub fn unicode_ci_eq(left: &str, right: &str) -> bool {
    let folded = unicode_ci_fold;
    folded(left) == folded(right)
}

/// A name as people say it: in form NFKC, without case and without space about it.
///
/// It is for counting, where one who tries spellings must gain nothing; two users may have names that are one here.
///
/// ```
/// use doorward_django::usernames::fold_username;
///
/// assert_eq!(fold_username(" ＡLICE "), "alice");
/// assert_eq!(fold_username("Straße"), fold_username("STRASSE"));
/// ```
#[must_use]
pub fn fold_username(username: &str) -> String {
    // Upper case first: it is the same for letters that have several lower ones.
    let folded = normalize_username(&normalize_username(username).to_uppercase().to_lowercase());
    folded.trim_matches(is_space).to_owned()
}
