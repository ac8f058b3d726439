//! [`Key`]: what changed, in 64 bits.

use std::hash::{DefaultHasher, Hash, Hasher};

use doorward_django::crypto::sha256_hex;
use uuid::Uuid;

use super::watched::Kind;
use crate::dialect::{Dialect, IdType};

/// What a row of the feed says has changed, and what something that was read depends on: both make the same number.
///
/// It is a digest: two that differ may rarely have one number, and then something is read again without need. It means
/// nothing outside of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(u64);

impl Key {
    /// A user: the row, its groups and permissions, its opaque token, and when its tokens were revoked. `id` is the primary
    /// key as Django's `str(pk)` shows it.
    #[must_use]
    pub fn user(id: &str) -> Self {
        Self::of(Kind::User, id)
    }

    /// The session of that key, and those few that share its digest.
    #[must_use]
    pub fn session(dialect: Dialect, session_key: &str) -> Self {
        Self::of(Kind::Session, &session_digest(dialect, session_key))
    }

    /// Whether the token of that id was taken back.
    #[must_use]
    pub fn jti(jti: &str) -> Self {
        Self::of(Kind::Jti, jti)
    }

    /// What groups may do, and what groups and permissions are called: for all users at once.
    #[must_use]
    pub fn permissions() -> Self {
        Self::of(Kind::Permissions, "")
    }

    /// The number.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }

    /// Of a row of the feed; nothing for one that tells of more than one key can.
    pub(super) fn of_row(kind: &str, key: Option<&str>, id: IdType) -> Option<Self> {
        match (Kind::named(kind)?, key) {
            (Kind::Permissions, _) => Some(Self::permissions()),
            (Kind::User, Some(key)) if id == IdType::Uuid => {
                let uuid = Uuid::parse_str(key).ok()?;
                Some(Self::user(&uuid.hyphenated().to_string()))
            }
            (kind, Some(key)) => Some(Self::of(kind, key)),
            (_, None) => None,
        }
    }

    fn of(kind: Kind, key: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        (kind.name(), key).hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// How many of a session key's characters a checksum is made of: as many as every key has.
pub(super) const SUMMED: u32 = 8;
/// The largest prime below 2^16: a checksum has 16 bits, of a secret of 165.
pub(super) const MODULUS: i64 = 65_521;

/// What stands for a session in the feed, whose key is a secret. SQLite has no digest in SQL.
fn session_digest(dialect: Dialect, session_key: &str) -> String {
    match dialect {
        Dialect::Sqlite => checksum(session_key).to_string(),
        Dialect::Postgres | Dialect::MariaDb => sha256_hex(session_key.as_bytes()).chars().take(16).collect(),
    }
}

/// What a character counts, by its place from 0.
pub(super) fn weight(place: u32) -> i64 {
    31_i64.pow(place)
}

fn checksum(session_key: &str) -> i64 {
    let characters = (0..SUMMED).zip(session_key.chars());
    let counted = characters.map(|(place, character)| i64::from(u32::from(character)) * weight(place));
    counted.sum::<i64>() % MODULUS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_row_says_is_what_a_reader_asks_for() {
        let row = |kind, key, id| Key::of_row(kind, Some(key), id).expect("a key");
        assert_eq!(row("user", "7", IdType::Int), Key::user("7"));
        let shown = "9b2b7a0e-5f1f-4d3a-8a54-0d3a3f0d1c11";
        for written in [shown, "9b2b7a0e5f1f4d3a8a540d3a3f0d1c11"] {
            assert_eq!(row("user", written, IdType::Uuid), Key::user(shown));
        }
        assert_eq!(row("jti", "7", IdType::Int), Key::jti("7"));
        assert_ne!(Key::jti("7"), Key::user("7"));
        let all = Key::of_row("permissions", None, IdType::Int);
        assert_eq!(all, Some(Key::permissions()));
    }

    #[test]
    fn what_is_not_understood_is_everything() {
        assert_eq!(Key::of_row("everything", None, IdType::Int), None);
        assert_eq!(Key::of_row("user", None, IdType::Int), None);
        assert_eq!(Key::of_row("of a later release", Some("7"), IdType::Int), None);
        assert_eq!(Key::of_row("user", Some("no UUID"), IdType::Uuid), None);
    }

    #[test]
    fn the_digest_of_a_session_gives_its_key_not_away() {
        let key = "abcdefghijklmnopqrstuvwxyz012345";
        assert_eq!(session_digest(Dialect::Postgres, key).len(), 16);
        let sum: i64 = session_digest(Dialect::Sqlite, key).parse().expect("a number");
        assert!(sum < MODULUS);
        assert!(checksum("\u{10ffff}".repeat(40).as_str()) < MODULUS);
        assert_eq!(checksum(""), 0);
    }
}
