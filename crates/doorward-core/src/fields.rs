//! Fields of a request's data and what is wrong with them (`rest_framework.fields`,
//! `rest_framework.serializers`).

use std::borrow::Cow;

use doorward_django::json::{Object, Value};
use serde_json::{Map, json};

use crate::exceptions::{ApiException, Result};
use crate::parsers::{Data, FormData, FormValue};

/// DRF's `NON_FIELD_ERRORS_KEY`.
pub const NON_FIELD_ERRORS: &str = "non_field_errors";

/// A field that must hold text, and not be blank (`rest_framework.fields.CharField`).
#[derive(Clone, Copy, Debug)]
pub struct CharField<'n> {
    /// The name in the data.
    pub name: &'n str,
    /// What becomes of white space around the text.
    pub trim: Trim,
}

/// What becomes of white space around a text (`trim_whitespace`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trim {
    /// It is cut off, as DRF does unless told otherwise.
    Yes,
    /// It belongs to the text.
    No,
    /// It belongs to the text, which must hold something else too (difference 6).
    UnlessBlank,
}

impl<'n> CharField<'n> {
    /// A field whose text is trimmed.
    #[must_use]
    pub const fn trimmed(name: &'n str) -> Self {
        Self {
            name,
            trim: Trim::Yes,
        }
    }

    /// A field whose text is taken as it is.
    #[must_use]
    pub const fn verbatim(name: &'n str) -> Self {
        Self { name, trim: Trim::No }
    }

    fn validate(self, primitive: Primitive<'_>) -> Result<String, Problem> {
        let text = match primitive {
            Primitive::Missing => return Err(Problem::Required),
            Primitive::Null => return Err(Problem::Null),
            Primitive::Other => return Err(Problem::Invalid),
            Primitive::Text(text) => text,
        };
        if text.is_empty() || (self.trim != Trim::No && trimmed(&text).is_empty()) {
            return Err(Problem::Blank);
        }
        if text.contains('\0') {
            return Err(Problem::NullCharacters);
        }
        Ok(match self.trim {
            Trim::Yes => trimmed(&text).to_owned(),
            Trim::No | Trim::UnlessBlank => text.into_owned(),
        })
    }
}

/// The texts of all these fields, in their order; or every field's problem at once, as a serializer tells it.
///
/// ```
/// use doorward_core::fields::{self, CharField};
/// use doorward_core::parsers::Data;
///
/// let data = Data::Json(serde_json::json!({"username": " alice "}).into());
/// assert_eq!(fields::read(&data, &[CharField::trimmed("username")]).unwrap(), ["alice"]);
/// let refused = fields::read(&data, &[CharField::verbatim("password")]).unwrap_err();
/// assert_eq!(refused.detail(), &serde_json::json!({"password": ["This field is required."]}));
/// ```
///
/// # Errors
/// 400 `invalid` with a list of sentences for each field.
pub fn read(data: &Data, fields: &[CharField<'_>]) -> Result<Vec<String>> {
    let source = Source::new(data)?;
    let mut errors = Map::new();
    let mut texts = Vec::with_capacity(fields.len());
    for field in fields {
        match field.validate(source.primitive(field.name)) {
            Ok(text) => texts.push(text),
            Err(problem) => drop(errors.insert(field.name.to_owned(), json!([problem.sentence()]))),
        }
    }
    if errors.is_empty() {
        return Ok(texts);
    }
    Err(ApiException::validation_error(errors))
}

/// Every field by its name, for a serializer of one's own; of a form, the last value of each.
///
/// # Errors
/// 400 where the data is no object.
pub fn object(data: &Data) -> Result<Object> {
    Ok(match Source::new(data)? {
        Source::Object(object) => object.clone(),
        Source::Form(form) => {
            let texts = form.iter().filter_map(|(name, _)| Some((name, form.text(name)?)));
            texts.collect()
        }
    })
}

/// 400 with one sentence that belongs to no field.
#[must_use]
pub fn non_field_error(sentence: &str) -> ApiException {
    ApiException::validation_error(json!({ NON_FIELD_ERRORS: [sentence] }))
}

/// Where fields are read from.
#[derive(Clone, Copy)]
enum Source<'d> {
    Object(&'d Object),
    Form(&'d FormData),
}

impl<'d> Source<'d> {
    fn new(data: &'d Data) -> Result<Self> {
        let value = match data {
            Data::Form(form) => return Ok(Self::Form(form)),
            Data::Json(Value::Object(object)) => return Ok(Self::Object(object)),
            Data::Json(value) => value,
        };
        let name = value.python_type();
        Err(match value {
            Value::Null => non_field_error("No data provided"),
            _ => non_field_error(&format!("Invalid data. Expected a dictionary, but got {name}.")),
        })
    }

    fn primitive(self, name: &str) -> Primitive<'d> {
        match self {
            Self::Object(object) => Primitive::of_json(object.get(name)),
            Self::Form(form) => Primitive::of_form(form.value(name)),
        }
    }
}

/// What stands under a field's name.
enum Primitive<'d> {
    Missing,
    Null,
    Text(Cow<'d, str>),
    Other,
}

impl<'d> Primitive<'d> {
    /// Numbers are text too, as Python's `str` writes them.
    fn of_json(value: Option<&'d Value>) -> Self {
        match value {
            None => Self::Missing,
            Some(Value::Null) => Self::Null,
            Some(Value::String(text)) => Self::Text(Cow::Borrowed(text)),
            Some(Value::Number(number)) => Self::Text(Cow::Owned(number.to_string())),
            Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => Self::Other,
        }
    }

    fn of_form(value: Option<&'d FormValue>) -> Self {
        match value {
            None => Self::Missing,
            Some(FormValue::Text(text)) => Self::Text(Cow::Borrowed(text)),
            Some(FormValue::File(_)) => Self::Other,
        }
    }
}

/// What is wrong with a field.
enum Problem {
    Required,
    Null,
    Blank,
    Invalid,
    NullCharacters,
}

impl Problem {
    const fn sentence(&self) -> &'static str {
        match self {
            Self::Required => "This field is required.",
            Self::Null => "This field may not be null.",
            Self::Blank => "This field may not be blank.",
            Self::Invalid => "Not a valid string.",
            Self::NullCharacters => "Null characters are not allowed.",
        }
    }
}

/// Python's `str.strip()`: it also cuts the four ASCII separators.
#[must_use]
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|character: char| {
        character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
    })
}
