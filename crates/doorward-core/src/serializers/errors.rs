//! [`ValidationError`]: what is wrong with data (`rest_framework.exceptions.ValidationError`).

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::exceptions::ApiException;

/// DRF's `NON_FIELD_ERRORS_KEY`.
pub const NON_FIELD_ERRORS: &str = "non_field_errors";

/// One thing that is wrong: a sentence for people, and a code for programs (`rest_framework.exceptions.ErrorDetail`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorDetail {
    /// The sentence that the client reads.
    pub message: Cow<'static, str>,
    /// Django's or DRF's code, such as `required`.
    pub code: Cow<'static, str>,
}

impl ErrorDetail {
    /// A sentence with its code.
    #[must_use]
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            message: message.into(),
            code: code.into(),
        }
    }

    /// What DRF's `UniqueValidator` says of a value that another object has.
    #[must_use]
    pub fn unique() -> Self {
        Self::new("unique", "This field must be unique.")
    }

    /// What DRF's `UniqueTogetherValidator` says of the values of those fields that another object has; it belongs to no field.
    ///
    /// ```
    /// use doorward_core::serializers::ErrorDetail;
    ///
    /// let detail = ErrorDetail::unique_together(&["list", "position"]);
    /// assert_eq!(detail.message, "The fields list, position must make a unique set.");
    /// ```
    #[must_use]
    pub fn unique_together(fields: &[&str]) -> Self {
        let message = format!("The fields {} must make a unique set.", fields.join(", "));
        Self::new("unique", message)
    }

    /// What DRF's `PrimaryKeyRelatedField` says of a key that no object has.
    #[must_use]
    pub fn does_not_exist(key: impl std::fmt::Display) -> Self {
        let message = format!("Invalid pk \"{key}\" - object does not exist.");
        Self::new("does_not_exist", message)
    }
}

/// All that is wrong with a value, in the shape of the value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValidationError {
    /// What is wrong with the value itself: `["…"]`.
    Details(Vec<ErrorDetail>),
    /// What is wrong with its members, or with its items by their place: `{"price": ["…"]}`, `{"1": {"price": ["…"]}}`.
    Fields(Vec<(String, Self)>),
}

impl ValidationError {
    /// One sentence with its code.
    #[must_use]
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self::from(ErrorDetail::new(code, message))
    }

    /// What is wrong with one field.
    #[must_use]
    pub fn of_field(name: impl Into<String>, error: impl Into<Self>) -> Self {
        Self::Fields(vec![(name.into(), error.into())])
    }

    /// Sentences become those of no field (`rest_framework.serializers.as_serializer_error`).
    pub(super) fn of_serializer(self) -> Self {
        match self {
            Self::Details(_) => Self::of_field(NON_FIELD_ERRORS, self),
            other => other,
        }
    }

    /// Adds what else is wrong: sentences to sentences, members to members. Of a value with members that are wrong, more is
    /// not said.
    pub(super) fn add(&mut self, other: Self) {
        match (self, other) {
            (Self::Details(known), Self::Details(more)) => known.extend(more),
            (Self::Fields(known), Self::Fields(more)) => known.extend(more),
            (Self::Details(_), Self::Fields(_)) | (Self::Fields(_), Self::Details(_)) => {}
        }
    }

    /// As DRF writes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Details(details) => details.iter().map(|detail| &*detail.message).collect(),
            Self::Fields(fields) => {
                let members = fields.iter().map(|(name, error)| (name.clone(), error.to_json()));
                members.collect::<Map<_, _>>().into()
            }
        }
    }
}

impl From<ErrorDetail> for ValidationError {
    fn from(detail: ErrorDetail) -> Self {
        Self::Details(vec![detail])
    }
}

/// 400 `invalid`.
impl From<ValidationError> for ApiException {
    fn from(error: ValidationError) -> Self {
        Self::validation_error(error.to_json())
    }
}

/// 400 with one sentence that belongs to no field.
#[must_use]
pub fn non_field_error(sentence: &str) -> ApiException {
    ValidationError::new("invalid", sentence.to_owned())
        .of_serializer()
        .into()
}
