//! [`SlugField`]: words for addresses (`rest_framework.fields.SlugField`).

use doorward_django::python_text::is_word;

use super::format::{TextFormat, TextOf};
use crate::serializers::{ErrorDetail, FieldContext, TypedField};

/// Letters, digits, underscores and hyphens.
pub type SlugField = TypedField<TextOf<Slug>>;

/// The form of a [`SlugField`].
#[derive(Clone, Copy, Debug)]
pub enum Slug {
    /// Of ASCII.
    Ascii,
    /// Of all scripts (`allow_unicode`).
    Unicode,
}

impl SlugField {
    /// A word of ASCII.
    #[must_use]
    pub fn new() -> Self {
        Self::of_format(Slug::Ascii)
    }

    /// A word of all scripts.
    #[must_use]
    pub fn allow_unicode(mut self) -> Self {
        self.kind.format = Slug::Unicode;
        self
    }
}

impl Default for SlugField {
    fn default() -> Self {
        Self::new()
    }
}

const INVALID_UNICODE: &str =
    "Enter a valid \"slug\" consisting of Unicode letters, numbers, underscores, or hyphens.";

impl TextFormat for Slug {
    const TYPE_NAME: &'static str = "slug";
    const INVALID: &'static str =
        "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.";

    fn check(&self, text: &str, cx: &FieldContext<'_>) -> Option<ErrorDetail> {
        let is_ascii = |character: char| character.is_ascii_alphanumeric() || character == '_';
        let (is_slug, code, message) = match self {
            Self::Ascii => (
                is_slug(without_line_end(text), is_ascii),
                "invalid",
                Self::INVALID,
            ),
            Self::Unicode => (is_slug(text, is_word), "invalid_unicode", INVALID_UNICODE),
        };
        (!is_slug).then(|| cx.detail(code, message, &[]))
    }
}

fn is_slug(text: &str, is_letter: impl Fn(char) -> bool) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|character| character == '-' || is_letter(character))
}

/// DRF's pattern ends in `$`, which one end of a line may follow.
fn without_line_end(text: &str) -> &str {
    text.strip_suffix('\n').unwrap_or(text)
}
