//! [`EmailField`]: addresses of e-mail (`rest_framework.fields.EmailField`).

use doorward_django::emails::is_email;

use super::format::{TextFormat, TextOf};
use crate::serializers::{ErrorDetail, FieldContext, TypedField};

/// An address of e-mail, as Django's `EmailValidator` judges it.
pub type EmailField = TypedField<TextOf<Email>>;

/// The form of an [`EmailField`].
#[derive(Clone, Copy, Debug)]
pub struct Email;

impl EmailField {
    /// An address of any length.
    #[must_use]
    pub fn new() -> Self {
        Self::of_format(Email)
    }
}

impl Default for EmailField {
    fn default() -> Self {
        Self::new()
    }
}

impl TextFormat for Email {
    const TYPE_NAME: &'static str = "email";
    const INVALID: &'static str = "Enter a valid email address.";

    fn check(&self, text: &str, cx: &FieldContext<'_>) -> Option<ErrorDetail> {
        (!is_email(text)).then(|| cx.detail("invalid", Self::INVALID, &[]))
    }
}
