//! Passwords too like what is known of the user.
//!
//! Source: `django.contrib.auth.password_validation.UserAttributeSimilarityValidator` and Python's
//! `difflib.SequenceMatcher.quick_ratio`.

use std::collections::HashMap;

use super::ValidationError;
use crate::python_text::is_word;

/// What a password is compared with; an empty text is not compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct UserAttributes<'a> {
    /// The user's name to log in by.
    pub username: &'a str,
    /// The user's first name.
    pub first_name: &'a str,
    /// The user's last name.
    pub last_name: &'a str,
    /// The user's e-mail address.
    pub email: &'a str,
}

/// One of the attributes of [`UserAttributes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserAttribute {
    /// [`UserAttributes::username`].
    Username,
    /// [`UserAttributes::first_name`].
    FirstName,
    /// [`UserAttributes::last_name`].
    LastName,
    /// [`UserAttributes::email`].
    Email,
}

/// Which attributes are compared, and how like them is too like.
#[derive(Clone, Debug, PartialEq)]
pub struct UserAttributeSimilarity {
    user_attributes: Vec<UserAttribute>,
    max_similarity: f64,
}

impl Default for UserAttributeSimilarity {
    fn default() -> Self {
        Self {
            user_attributes: UserAttribute::ALL.to_vec(),
            max_similarity: 0.7,
        }
    }
}

impl UserAttributeSimilarity {
    /// Compares these attributes, in order; a likeness from `max_similarity` upwards, of at most 1, is refused.
    ///
    /// None for a `max_similarity` under 0.1, at which everything would be refused.
    #[must_use]
    pub fn new(user_attributes: Vec<UserAttribute>, max_similarity: f64) -> Option<Self> {
        (max_similarity >= 0.1).then_some(Self {
            user_attributes,
            max_similarity,
        })
    }

    pub(super) fn validate(&self, password: &str, user: &UserAttributes<'_>) -> Result<(), ValidationError> {
        let password = Counted::new(&password.to_lowercase());
        let similar = |attribute: &&UserAttribute| self.is_similar(&password, user.value(**attribute));
        match self.user_attributes.iter().find(similar) {
            Some(attribute) => Err(too_similar(*attribute)),
            None => Ok(()),
        }
    }

    /// Compares the whole value and each word of it.
    fn is_similar(&self, password: &Counted, value: &str) -> bool {
        if value.is_empty() {
            return false;
        }
        let value = value.to_lowercase();
        python_split(&value)
            .chain([value.as_str()])
            .any(|part| self.is_part_similar(password, part))
    }

    fn is_part_similar(&self, password: &Counted, part: &str) -> bool {
        let length = part.chars().count();
        if self.exceeds_maximum_length_ratio(password.length, length) {
            return false;
        }
        password.quick_ratio(part, length) >= self.max_similarity
    }

    /// Django's short cut: such a part is too short to be like such a password.
    fn exceeds_maximum_length_ratio(&self, password: usize, part: usize) -> bool {
        let bound = self.max_similarity / 2.0 * password as f64;
        password >= part.saturating_mul(10) && (part as f64) < bound
    }
}

impl UserAttribute {
    /// Django's `DEFAULT_USER_ATTRIBUTES`.
    pub const ALL: [Self; 4] = [Self::Username, Self::FirstName, Self::LastName, Self::Email];

    /// The name of the field.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Email => "email",
        }
    }

    /// Django's verbose name of the field.
    #[must_use]
    pub const fn verbose_name(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::FirstName => "first name",
            Self::LastName => "last name",
            Self::Email => "email address",
        }
    }
}

impl<'a> UserAttributes<'a> {
    const fn value(&self, attribute: UserAttribute) -> &'a str {
        match attribute {
            UserAttribute::Username => self.username,
            UserAttribute::FirstName => self.first_name,
            UserAttribute::LastName => self.last_name,
            UserAttribute::Email => self.email,
        }
    }
}

/// How often each character is in a password.
struct Counted {
    length: usize,
    characters: HashMap<char, usize>,
}

impl Counted {
    fn new(text: &str) -> Self {
        let mut characters = HashMap::new();
        text.chars()
            .for_each(|character| *characters.entry(character).or_default() += 1);
        let length = text.chars().count();
        Self { length, characters }
    }

    /// Twice the characters in common, in any order, over all characters of both; 1 where there are none.
    fn quick_ratio(&self, other: &str, length: usize) -> f64 {
        let total = self.length + length;
        if total == 0 {
            return 1.0;
        }
        2.0 * self.matches(other) as f64 / total as f64
    }

    fn matches(&self, other: &str) -> usize {
        let others = Self::new(other).characters;
        let in_common =
            |(character, count): (&char, &usize)| *count.min(self.characters.get(character).unwrap_or(&0));
        others.iter().map(in_common).sum()
    }
}

/// Python's `re.split(r"\W+", text)`, which gives an empty part where the text begins or ends between words.
fn python_split(text: &str) -> impl Iterator<Item = &str> {
    let outer = [
        text.starts_with(|first| !is_word(first)),
        text.ends_with(|last| !is_word(last)),
    ];
    let empty = outer.into_iter().filter(|outside| *outside).map(|_| "");
    text.split(|character| !is_word(character))
        .filter(|part| !part.is_empty())
        .chain(empty)
}

fn too_similar(attribute: UserAttribute) -> ValidationError {
    ValidationError {
        message: format!("The password is too similar to the {}.", attribute.verbose_name()),
        code: "password_too_similar",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> UserAttributes<'static> {
        UserAttributes {
            username: "testclient",
            first_name: "Test",
            last_name: "Client",
            email: "testclient@example.com",
        }
    }

    #[test]
    fn django_s_own_cases() {
        let validator = UserAttributeSimilarity::default();
        for (password, attribute) in [("testclient", "username"), ("example.com", "email address")] {
            let error = validator.validate(password, &user()).unwrap_err();
            assert_eq!(
                error.message,
                format!("The password is too similar to the {attribute}.")
            );
        }
        let first_name = UserAttributeSimilarity::new(vec![UserAttribute::FirstName], 0.3).unwrap();
        assert!(first_name.validate("testclient", &user()).is_err());
        assert!(UserAttributeSimilarity::new(vec![], 0.09).is_none());
        assert!(UserAttributeSimilarity::new(vec![], f64::NAN).is_none());
    }

    #[test]
    fn a_similarity_of_one_is_that_of_the_same_characters() {
        let exact = UserAttributeSimilarity::new(vec![UserAttribute::Username], 1.0).unwrap();
        assert!(exact.validate("tneilctset", &user()).is_err());
        assert_eq!(exact.validate("testclienta", &user()), Ok(()));
    }

    #[test]
    fn nobody_is_like_nothing() {
        let nobody = UserAttributes::default();
        assert_eq!(UserAttributeSimilarity::default().validate("", &nobody), Ok(()));
    }

    #[test]
    fn parts_are_python_s() {
        let parts = |text| python_split(text).collect::<Vec<_>>();
        assert_eq!(parts("a.b"), ["a", "b"]);
        assert_eq!(parts("a..b."), ["a", "b", ""]);
        assert_eq!(parts("..").len(), 2);
        assert_eq!(parts(""), Vec::<&str>::new());
    }
}
