//! Secrets that no log can show: [`Secret`], [`SecretKey`], [`SecretKeys`].

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroize;

/// A value that is never shown: its `Debug` is blank, it has no `Display`, and its memory is wiped on drop.
///
/// ```
/// use doorward_django::secret::Secret;
///
/// let password = Secret::new("hunter2".to_owned());
/// assert_eq!(format!("{password:?}"), "Secret(…)");
/// assert_eq!(password.expose(), "hunter2");
/// ```
#[derive(Clone, Default)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes `value` into custody.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself; every reader of it shows up in a search for this name.
    #[must_use]
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<'de, T: Deserialize<'de> + Zeroize> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

/// As nothing: what holds secrets can be written out, and does not tell them.
impl<T: Zeroize> Serialize for Secret<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_none()
    }
}

/// What it holds, and that it is never told (`writeOnly`).
#[cfg(feature = "schemars")]
impl<T: schemars::JsonSchema + Zeroize> schemars::JsonSchema for Secret<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Secret_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema = T::json_schema(generator);
        schema.insert("writeOnly".to_owned(), true.into());
        schema
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Django's `SECRET_KEY`, which signs sessions, reset links and cookies.
#[derive(Clone)]
pub struct SecretKey(Secret<String>);

impl SecretKey {
    /// A key with this text.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Self(Secret::new(key.into()))
    }

    /// The key as the UTF-8 bytes that Django hashes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.as_str().as_bytes()
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretKey(…)")
    }
}

/// The key that signs, and the older ones that are still believed (`SECRET_KEY_FALLBACKS`).
#[derive(Clone, Debug)]
pub struct SecretKeys {
    /// `SECRET_KEY`: signs, and is tried first.
    pub current: SecretKey,
    /// `SECRET_KEY_FALLBACKS`: tried in order, never used to sign.
    pub fallbacks: Vec<SecretKey>,
}

impl SecretKeys {
    /// A set of one key, without fallbacks.
    #[must_use]
    pub const fn new(current: SecretKey) -> Self {
        Self {
            current,
            fallbacks: Vec::new(),
        }
    }

    /// Every key that is believed, the current one first.
    pub fn iter(&self) -> impl Iterator<Item = &SecretKey> {
        std::iter::once(&self.current).chain(&self.fallbacks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        let keys = SecretKeys {
            current: SecretKey::new("canary-a"),
            fallbacks: vec![SecretKey::new("canary-b")],
        };
        let shown = format!(
            "{keys:?} {:?} {:#?}",
            Secret::new(vec![7_u8]),
            Secret::new("canary-c".to_owned())
        );
        assert!(!shown.contains("canary") && !shown.contains('7'), "{shown}");
    }

    #[test]
    fn what_is_written_out_is_nothing() {
        let secrets = [Secret::new("canary".to_owned()), Secret::default()];
        assert_eq!(serde_json::to_string(&secrets).unwrap(), "[null,null]");
    }

    #[cfg(feature = "schemars")]
    #[test]
    fn its_schema_says_that_it_is_secret() {
        let schema = schemars::schema_for!(Secret<String>);
        assert_eq!(schema.get("writeOnly"), Some(&true.into()));
        assert_eq!(schema.get("type"), Some(&"string".into()));
    }

    #[test]
    fn the_current_key_comes_first() {
        let keys = SecretKeys {
            current: SecretKey::new("a"),
            fallbacks: vec![SecretKey::new("b")],
        };
        let order: Vec<_> = keys.iter().map(SecretKey::as_str).collect();
        assert_eq!(order, ["a", "b"]);
    }
}
