//! [`CountedAccount`]: whose failures are counted.

use doorward_django::crypto::sha256_hex;
use doorward_django::usernames::fold_username;

use doorward_core::user::UserId;

/// How many characters of an account's name are kept for people to read.
const LABEL: usize = 150;

/// Whose failures are counted: a user's, or those of a name that nobody is known to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedAccount {
    /// What tells it from every other: 64 hexadecimal digits.
    pub key: String,
    /// What people call it.
    pub name: AccountName,
}

/// What people call an account, and find its counters by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountName {
    /// A digest of 64 hexadecimal digits: the key of a user, or that of a name in any spelling.
    pub digest: String,
    /// The name for people to read: at most 150 characters, all of them visible.
    pub label: String,
}

impl CountedAccount {
    /// A user: whatever name it is found by, and whatever it is called later, it is the same account.
    #[must_use]
    pub fn of_user(id: &UserId, username: &str) -> Self {
        // No folded name begins with white space: so no name is taken for a user.
        let key = sha256_hex(format!("\nuser\n{id}").as_bytes());
        let label = label(&fold_username(username));
        Self {
            name: AccountName {
                digest: key.clone(),
                label,
            },
            key,
        }
    }

    /// A name exactly as it was sent, which no user is known to have.
    #[must_use]
    pub fn of_name(username: &str) -> Self {
        Self {
            key: sha256_hex(format!("\nname\n{username}").as_bytes()),
            name: AccountName::new(username),
        }
    }

    /// A name in any spelling, whoever has it: who tries spellings gains nothing, and learns nothing.
    #[must_use]
    pub fn of_any_spelling(username: &str) -> Self {
        let name = AccountName::new(username);
        Self {
            key: name.digest.clone(),
            name,
        }
    }
}

impl AccountName {
    /// A name in any spelling: case, width and the spaces around it make no difference (`NFKC`).
    #[must_use]
    pub fn new(username: &str) -> Self {
        let folded = fold_username(username);
        Self {
            digest: sha256_hex(folded.as_bytes()),
            label: label(&folded),
        }
    }
}

/// A text that fits into a line of a log or a table: cut, and escaped where a character cannot be seen.
fn label(text: &str) -> String {
    let mut label = String::new();
    for character in text.chars() {
        let shown: String = match character.is_alphanumeric() || character.is_ascii_graphic() {
            true => character.into(),
            false if character == ' ' => character.into(),
            false => character.escape_unicode().collect(),
        };
        if label.chars().count() + shown.chars().count() > LABEL {
            break;
        }
        label.push_str(&shown);
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_short_and_visible() {
        assert_eq!(AccountName::new("a\nb\u{202e}c").label, "a\\u{a}b\\u{202e}c");
        assert_eq!(AccountName::new(&"x".repeat(9_999)).label.len(), 150);
        assert_eq!(AccountName::new("Grüße").label, "grüsse");
    }
}
