//! [`Primitive`]: what a client sent for one field, not validated yet.

use std::borrow::Cow;

use doorward_django::json::{Number, Object, Value};

use super::html::MultiDict;
use super::python_repr;
use crate::parsers::{FormValue, UploadedFile};

/// What a client sent for one field: a value of JSON, or of a form.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Primitive<'d> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number of JSON.
    Number(&'d Number),
    /// Text.
    Text(&'d str),
    /// Text of a form that stands for a JSON value ([`JSONField`](super::JSONField)).
    JsonText(&'d str),
    /// A file of a form.
    File(&'d UploadedFile),
    /// A list: of JSON, or of several fields of a form.
    List(Vec<Self>),
    /// A dictionary: an object of JSON, or fields of a form.
    Mapping(Mapping<'d>),
}

/// A dictionary that a client sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Mapping<'d> {
    /// An object of JSON.
    Json(&'d Object),
    /// Fields of a form.
    Form(MultiDict<'d>),
}

impl<'d> Mapping<'d> {
    /// The value of that name; of a form, the last one.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<Primitive<'d>> {
        match self {
            Self::Json(object) => object.get(name).map(Primitive::from),
            Self::Form(form) => form.last(name).map(Primitive::from),
        }
    }

    /// All names with their values, in their order.
    #[must_use]
    pub fn members(&self) -> Vec<(&'d str, Primitive<'d>)> {
        match self {
            Self::Json(object) => object
                .iter()
                .map(|(name, value)| (name.as_str(), value.into()))
                .collect(),
            Self::Form(form) => form.members(),
        }
    }
}

impl<'d> Primitive<'d> {
    /// A dictionary of fields of a form.
    pub(super) const fn form(form: MultiDict<'d>) -> Self {
        Self::Mapping(Mapping::Form(form))
    }

    /// The name of the value's type in Python, as DRF's sentences have it.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "NoneType",
            Self::Bool(_) => "bool",
            Self::Number(number) if number.is_float() => "float",
            Self::Number(_) => "int",
            Self::Text(_) => "str",
            Self::JsonText(_) => "JSONString",
            Self::File(_) => "InMemoryUploadedFile",
            Self::List(_) => "list",
            Self::Mapping(Mapping::Json(_)) => "dict",
            Self::Mapping(Mapping::Form(_)) => "QueryDict",
        }
    }

    /// Python's `str` of the value.
    #[must_use]
    pub fn to_text(&self) -> Cow<'d, str> {
        match self {
            Self::Text(text) | Self::JsonText(text) => Cow::Borrowed(text),
            Self::File(file) => Cow::Owned(file.name.clone()),
            Self::Number(number) => Cow::Owned(number.to_string()),
            other => Cow::Owned(python_repr::of_json(&other.to_json())),
        }
    }

    /// The value in JSON; of a file, its name.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(bool) => Value::Bool(*bool),
            Self::Number(number) => Value::Number((*number).clone()),
            Self::Text(text) | Self::JsonText(text) => Value::String((*text).to_owned()),
            Self::File(file) => Value::String(file.name.clone()),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Mapping(Mapping::Json(object)) => Value::Object((*object).clone()),
            Self::Mapping(Mapping::Form(form)) => {
                let members = form.members();
                let members = members
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), value.to_json()));
                Value::Object(members.collect())
            }
        }
    }
}

impl<'d> From<&'d Value> for Primitive<'d> {
    fn from(value: &'d Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(bool) => Self::Bool(*bool),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(object) => Self::Mapping(Mapping::Json(object)),
        }
    }
}

impl<'d> From<&'d FormValue> for Primitive<'d> {
    fn from(value: &'d FormValue) -> Self {
        match value {
            FormValue::Text(text) => Self::Text(text),
            FormValue::File(file) => Self::File(file),
        }
    }
}
