//! E-mail addresses as Django judges them (`django.core.validators.EmailValidator`).
//!
//! ```
//! use doorward_django::emails::validate_email;
//!
//! assert!(validate_email("mike@example.org").is_ok());
//! assert!(validate_email("Mike <mike@example.org>").is_err());
//! assert!(validate_email("a@b").is_err());
//! ```

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::bounds::MAX_EMAIL;
use crate::passwords::validators::ValidationError;

/// The greatest length that the validator looks at, in characters (RFC 3696 §3).
const LONGEST: usize = 320;

/// The greatest length of an IPv6 address (`django.utils.ipv6.MAX_IPV6_ADDRESS_LENGTH`).
const LONGEST_IPV6: usize = 39;

/// Judges an address by the two rules of Django's field: its form, then its length. Nothing is computed of a text that
/// is too long.
///
/// # Errors
///
/// All that is wrong: code `invalid` (`EmailValidator`, also for an empty text), `max_length` (`MaxLengthValidator`).
pub fn validate_email(email: &str) -> Result<(), Vec<ValidationError>> {
    let checks = [check_form(email), check_length(email)];
    let errors: Vec<_> = checks.into_iter().filter_map(Result::err).collect();
    match errors.is_empty() {
        true => Ok(()),
        false => Err(errors),
    }
}

fn check_form(email: &str) -> Result<(), ValidationError> {
    match is_email(email) {
        true => Ok(()),
        false => Err(ValidationError {
            message: "Enter a valid email address.".to_owned(),
            code: "invalid",
        }),
    }
}

fn check_length(email: &str) -> Result<(), ValidationError> {
    match email.chars().count() {
        ..=MAX_EMAIL => Ok(()),
        length => Err(ValidationError {
            message: format!("Ensure this value has at most {MAX_EMAIL} characters (it has {length})."),
            code: "max_length",
        }),
    }
}

/// Whether Django's `EmailValidator` finds nothing wrong; the length of the field is not looked at.
#[must_use]
pub fn is_email(email: &str) -> bool {
    let fits = email.chars().nth(LONGEST).is_none();
    let parts = email.rsplit_once('@').filter(|_| fits);
    parts.is_some_and(|(user, domain)| (is_dot_atom(user) || is_quoted(user)) && is_domain(domain))
}

fn is_dot_atom(user: &str) -> bool {
    let is_atom = |c: char| is_letter(c) || c.is_ascii_digit() || "-!#$%&'*+/=?^_`{}|~".contains(c);
    user.split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(is_atom))
}

/// Python's `[a-z]` where case does not matter: four letters beyond ASCII fold to one within (`re.IGNORECASE`).
fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, 'İ' | 'ı' | 'ſ' | '\u{212a}')
}

fn is_quoted(user: &str) -> bool {
    let Some(text) = user.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return false;
    };
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let is_good = match character {
            '\\' => characters.next().is_some_and(is_escapable),
            other => is_plain(other),
        };
        if !is_good {
            return false;
        }
    }
    true
}

/// What stands between quotes as it is: neither a quote, nor a space, nor a tab.
fn is_plain(c: char) -> bool {
    let is_control = matches!(c, '\x01'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f');
    is_control || matches!(c, '!' | '#'..='[' | ']'..='\x7f') || is_letter(c)
}

fn is_escapable(c: char) -> bool {
    matches!(c, '\x01'..='\x09' | '\x0b' | '\x0c' | '\x0e'..='\x7f') || is_letter(c)
}

fn is_domain(domain: &str) -> bool {
    if let Some(literal) = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return is_ip_address(literal);
    }
    let Some((rest, last)) = domain.rsplit_once('.') else {
        return domain == "localhost";
    };
    rest.split('.').all(is_label) && is_top_level(last)
}

/// Source: `validate_ipv46_address`.
fn is_ip_address(text: &str) -> bool {
    let is_v6 = || text.len() <= LONGEST_IPV6 && text.parse::<Ipv6Addr>().is_ok();
    text.parse::<Ipv4Addr>().is_ok() || is_v6()
}

fn is_label(label: &str) -> bool {
    let is_inner = |c: char| is_wide(c) || c.is_ascii_alphanumeric() || c == '-';
    (1..=63).contains(&label.chars().count())
        && label.chars().all(is_inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// A label of letters, or one in Punycode.
fn is_top_level(label: &str) -> bool {
    let is_inner = |c: char| is_wide(c) || c.is_ascii_alphabetic() || c == '-';
    let is_word = label.chars().all(is_inner) && !label.starts_with('-') && !label.ends_with('-');
    (is_word && (2..=63).contains(&label.chars().count())) || is_punycode(label)
}

fn is_punycode(label: &str) -> bool {
    let Some((prefix, rest)) = label.split_at_checked(4) else {
        return false;
    };
    prefix.eq_ignore_ascii_case("xn--")
        && (1..=59).contains(&rest.chars().count())
        && rest.chars().all(|c| is_letter(c) || c.is_ascii_digit())
}

/// `DomainNameValidator.ul`
fn is_wide(c: char) -> bool {
    matches!(c, '\u{a1}'..='\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;
    use proptest::prelude::*;

    #[test]
    fn verdicts_are_django_s() {
        for case in golden::cases("emails") {
            let errors = validate_email(case["email"].as_str().unwrap())
                .err()
                .unwrap_or_default();
            let messages: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
            assert_eq!(messages, golden::texts(&case["errors"]), "{case}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text in any::<String>()) {
            let _ = validate_email(&text);
        }

        #[test]
        fn a_good_address_is_one_address(text in "[a-z<>,;:@. \"\\\\\r\n\\[\\]-]{0,24}") {
            if validate_email(&text).is_ok() && !text.starts_with('"') {
                prop_assert!(!text.contains([' ', '<', '>', ',', ';', '"', '\r', '\n', '\\']));
                prop_assert_eq!(text.matches('@').count(), 1);
            }
        }
    }
}
