//! [`Options`]: what every field may be told (`rest_framework.fields.Field.__init__`).

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use doorward_django::json::Value;

use super::{ErrorDetail, ValidatedValue};

type Text = Cow<'static, str>;

/// What a field is told besides its type.
#[derive(Clone, Debug, Default)]
pub(super) struct Options {
    pub(super) presence: Presence,
    pub(super) access: Access,
    pub(super) null: Null,
    pub(super) source: Option<Text>,
    pub(super) label: Option<Text>,
    pub(super) help_text: Option<Text>,
    pub(super) initial: Option<Value>,
    pub(super) validators: Vec<Validator>,
    pub(super) error_messages: Vec<(Text, Text)>,
}

/// What it means that a field is missing.
#[derive(Clone, Debug, Default)]
pub(super) enum Presence {
    /// An error.
    #[default]
    Required,
    /// Nothing.
    Optional,
    /// Its default.
    Default(DefaultValue),
}

/// A default, or what makes one.
#[derive(Clone)]
pub(super) enum DefaultValue {
    Value(ValidatedValue),
    Function(Arc<dyn Fn() -> ValidatedValue + Send + Sync>),
}

impl DefaultValue {
    pub(super) fn value(&self) -> ValidatedValue {
        match self {
            Self::Value(value) => value.clone(),
            Self::Function(make) => make(),
        }
    }
}

impl fmt::Debug for DefaultValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Function(_) => f.write_str("Function"),
        }
    }
}

/// Who sees a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Access {
    /// Requests and answers.
    #[default]
    ReadWrite,
    /// Answers alone.
    ReadOnly,
    /// Requests alone.
    WriteOnly,
    /// Neither: it is its default (`HiddenField`).
    Hidden,
}

impl Access {
    pub(super) fn is_writable(self) -> bool {
        self != Self::ReadOnly
    }

    pub(super) fn is_readable(self) -> bool {
        matches!(self, Self::ReadWrite | Self::ReadOnly)
    }
}

/// Whether `null` is a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Null {
    #[default]
    Refused,
    Allowed,
}

/// What else a value has to be.
#[derive(Clone)]
pub(super) struct Validator(pub(super) Arc<OfValue>);

type OfValue = dyn Fn(&ValidatedValue) -> Result<(), ErrorDetail> + Send + Sync;

impl fmt::Debug for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Validator")
    }
}
