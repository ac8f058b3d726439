//! [`Error`]: why a value does not fit a type, in REST framework's words.

use std::fmt::{self, Display, Formatter};

use serde::de::{self, Expected, Unexpected};
use serde::ser;

use super::{Object, Value};

/// Why a [`Value`] does not fit a type, or a value of another type is no JSON.
///
/// It knows the field that is meant, and says what REST framework says of it.
///
/// ```
/// use doorward_django::json::{from_value, loads};
///
/// #[derive(Debug, serde::Deserialize)]
/// struct Product { price: u32 }
///
/// let body = loads(r#"[{"price": 5}, {"price": "five"}]"#).unwrap();
/// let error = from_value::<Vec<Product>>(&body).unwrap_err();
/// assert_eq!((error.path(), error.code()), ("1.price".to_owned(), "invalid"));
/// assert_eq!(error.detail().to_string(), r#"{"1":{"price":["A valid integer is required."]}}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    code: &'static str,
    sentence: String,
    place: Leaf,
    /// From the inside outwards.
    steps: Vec<Step>,
}

/// What the sentence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaf {
    /// A field.
    Field,
    /// An object as a whole, whose sentences stand under `non_field_errors`.
    Object,
}

/// A step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Name(String),
    /// The place in a list.
    Item(usize),
}

impl Error {
    /// What is wrong, in REST framework's code and sentence.
    #[must_use]
    pub fn new(code: &'static str, sentence: impl Into<String>) -> Self {
        Self {
            code,
            sentence: sentence.into(),
            place: Leaf::Field,
            steps: Vec::new(),
        }
    }

    pub(super) fn null() -> Self {
        Self::new("null", "This field may not be null.")
    }

    /// What is wrong with an object as a whole: its sentence stands under `non_field_errors`.
    #[must_use]
    pub fn of_object(mut self) -> Self {
        self.place = Leaf::Object;
        self
    }

    /// The same, of a member of that name.
    #[must_use]
    pub fn within(self, name: impl Into<String>) -> Self {
        self.inside(Step::Name(name.into()))
    }

    /// The field that is missing, where that is what is wrong, and the field is none of a value inside another one.
    #[must_use]
    pub fn missing_field(&self) -> Option<&str> {
        match (self.code, self.steps.as_slice()) {
            ("required", [Step::Name(field)]) => Some(field),
            _ => None,
        }
    }

    /// The same, of a value inside another one.
    pub(super) fn inside(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// REST framework's code for what is wrong: `invalid`, `required`, `null`, ….
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What is wrong, in a sentence for the client.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.sentence
    }

    /// The way to the field, with points between names and places of items (from 0); empty for the whole.
    #[must_use]
    pub fn path(&self) -> String {
        let steps: Vec<_> = self.steps.iter().rev().map(Step::to_string).collect();
        steps.join(".")
    }

    /// The errors by field, in REST framework's shape: `{"name": ["This field is required."]}`; those of items stand under their
    /// places (`LIST_SERIALIZER_ERRORS_AS_DICT`).
    #[must_use]
    pub fn detail(&self) -> Value {
        let sentences = Value::from([self.sentence.as_str()]);
        let is_whole = self.steps.is_empty() || self.place == Leaf::Object;
        let innermost = match is_whole {
            true => Value::from(Object::from_iter([("non_field_errors", sentences)])),
            false => sentences,
        };
        let around = |inner: Value, step: &Step| Value::from(Object::from_iter([(step.to_string(), inner)]));
        self.steps.iter().fold(innermost, around)
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Item(place) => place.fmt(f),
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.steps.is_empty() {
            true => f.write_str(&self.sentence),
            false => write!(f, "{}: {}", self.path(), self.sentence),
        }
    }
}

impl std::error::Error for Error {}

impl ser::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self::new("invalid", message.to_string())
    }
}

impl de::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self::new("invalid", message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match unexpected {
            Unexpected::Unit => Self::null(),
            _ => Self::new("invalid", format!("Expected {expected}.")),
        }
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new("invalid", format!("Expected {expected}."))
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::new("invalid_length", format!("Expected {expected}."))
    }

    fn unknown_variant(variant: &str, _: &'static [&'static str]) -> Self {
        Self::new("invalid_choice", format!("\"{variant}\" is not a valid choice."))
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::new("unknown", "This field is not known.").inside(Step::Name(field.to_owned()))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new("required", "This field is required.").inside(Step::Name(field.to_owned()))
    }
}
