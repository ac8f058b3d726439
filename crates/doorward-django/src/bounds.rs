//! How long, how many, how deep: what is looked at of everything a client sends *before* anything is computed of it.
//!
//! All bounds stand here. Past one of them the answer is the one that the same mistake gets where it is shorter: a name
//! that is too long is nobody's, a token that is too long is not valid, a list that is too long is no list.
//! What is longer than a head (`server.max_header`) or a body (`server.max_body`) may be is refused before.
//!
//! Three things have a bound of their own where they are read, for it is a column's width or a format's length:
//! [`SessionKey`](crate::sessions::SessionKey), [`TokenKey`](crate::token_key::TokenKey) and
//! [`CsrfSecret`](crate::csrf::CsrfSecret).

use std::borrow::Cow;

/// The longest name to log in by that is looked up, in characters. Django's column has 150, its e-mail addresses 254; a
/// user table of one's own may have more.
pub const MAX_NAME: usize = 512;

/// The longest password that is checked, in bytes: the longest that may be chosen ([`MAX_NEW_PASSWORD`]), in UTF-8.
pub const MAX_PASSWORD: usize = 4 * MAX_NEW_PASSWORD;

/// The longest password that may be chosen, in characters. Django has no such bound; what it stored is checked up to
/// [`MAX_PASSWORD`].
pub const MAX_NEW_PASSWORD: usize = 4096;

/// The longest e-mail address, in characters (`django.db.models.EmailField.max_length`).
pub const MAX_EMAIL: usize = 254;

/// The longest address to go to next, in characters (`django.utils.http.MAX_URL_LENGTH`), and as much of an Origin or a
/// Referer as is looked at.
pub const MAX_URL: usize = 2048;

/// The longest host of an address that is brought into Unicode's form NFKC, in bytes: no name in the DNS has more than
/// 253 (RFC 1035 §2.3.4), and some have a user name before them.
pub const MAX_NETLOC: usize = 1024;

/// The largest body of an endpoint that takes credentials, in bytes; 413 past it. Four tokens fill less than half of it.
pub const MAX_CREDENTIALS_BODY: usize = 64 * 1024;

/// The largest body that is parsed on the spot, in bytes. Larger ones are parsed by threads that may take their time.
pub const MAX_INLINE_BODY: usize = 16 * 1024;

/// How many arrays and objects of JSON may stand inside each other (Python's limit is that of its stack).
pub const MAX_JSON_DEPTH: usize = 128;

/// How many digits an integer may have (`sys.int_info.default_max_str_digits` of Python).
pub const MAX_INTEGER_DIGITS: usize = 4300;

/// How many fields a form may have, and how many parts (`DATA_UPLOAD_MAX_NUMBER_FIELDS`).
pub const MAX_FORM_FIELDS: usize = 1000;

/// The longest Content-Type that is looked at, in bytes (`DefaultContentNegotiation.max_media_type_length` of REST
/// framework).
pub const MAX_CONTENT_TYPE: usize = 256;

/// The longest boundary of a form with files, in bytes: Django's, one more than RFC 2046 §5.1.1 would have it.
pub const MAX_BOUNDARY: usize = 201;

/// How much of an Accept header is read, in bytes: up to the last comma within it.
pub const MAX_ACCEPT: usize = 8192;

/// How many members of an Accept header are looked at.
pub const MAX_ACCEPT_MEMBERS: usize = 64;

/// The longest signed cookie that is verified, in bytes: browsers keep none that is longer (RFC 6265bis §5.6).
pub const MAX_COOKIE: usize = 4096;

/// Whether a name is short enough to be somebody's: at most [`MAX_NAME`] characters. The bytes are looked at first, so
/// that a long text is not even counted.
///
/// ```
/// use doorward_django::bounds::is_name;
///
/// assert!(is_name("alice"));
/// assert!(!is_name(&"a".repeat(513)));
/// ```
#[must_use]
pub fn is_name(text: &str) -> bool {
    has_at_most(text, MAX_NAME)
}

/// Whether a text has at most so many characters.
#[must_use]
pub fn has_at_most(text: &str, characters: usize) -> bool {
    let longest = characters.saturating_mul(char::MAX_LEN_UTF8);
    text.len() <= characters || (text.len() <= longest && text.chars().nth(characters).is_none())
}

/// The name, where it may be somebody's; else what is left of it, with a NUL at its end, which no database holds and
/// which makes it nobody's: so it is counted, logged and refused as an unknown name is, at the usual cost.
///
/// ```
/// use doorward_django::bounds::name;
///
/// assert_eq!(name("alice"), "alice");
/// assert!(name(&"a".repeat(1_000_000)).ends_with("a\0"));
/// assert!(name(&"a".repeat(1_000_000)).len() < 100);
/// ```
#[must_use]
pub fn name(text: &str) -> Cow<'_, str> {
    match is_name(text) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.chars().take(MAX_SHOWN).chain(['\0']).collect()),
    }
}

/// How many characters are left of a name that is too long.
const MAX_SHOWN: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn characters_count_and_not_bytes() {
        for character in ["a", "é", "\u{fdfa}", "😀"] {
            assert!(is_name(&character.repeat(MAX_NAME)), "{character}");
            assert!(!is_name(&character.repeat(MAX_NAME + 1)), "{character}");
        }
    }

    proptest! {
        #[test]
        fn any_name_is_one_or_nobody_s(text in ".{0,600}") {
            let name = name(&text);
            prop_assert_eq!(is_name(&text), name == text.as_str());
            prop_assert!(is_name(&name));
            prop_assert!(name == text.as_str() || name.contains('\0'));
        }
    }
}
