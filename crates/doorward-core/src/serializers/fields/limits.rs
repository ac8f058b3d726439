//! Bounds that several kinds of fields have.

use std::fmt;

use doorward_django::json::Value;

use crate::serializers::{ErrorDetail, FieldContext};

/// What is said of a length out of bounds.
#[derive(Clone, Copy, Debug)]
pub(super) struct LengthMessages {
    pub(super) max: &'static str,
    pub(super) min: &'static str,
}

/// How long something may be.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lengths {
    pub(super) min: Option<usize>,
    pub(super) max: Option<usize>,
}

impl Lengths {
    /// `MaxLengthValidator`, `MinLengthValidator`
    pub(super) fn check(
        self,
        length: usize,
        messages: LengthMessages,
        cx: &FieldContext<'_>,
        errors: &mut Vec<ErrorDetail>,
    ) {
        if let Some(max) = self.max.filter(|max| length > *max) {
            errors.push(cx.detail("max_length", messages.max, &[("max_length", &max)]));
        }
        if let Some(min) = self.min.filter(|min| length < *min) {
            errors.push(cx.detail("min_length", messages.min, &[("min_length", &min)]));
        }
    }

    pub(super) fn attributes(self) -> Vec<(&'static str, Value)> {
        let min = self.min.map(|min| ("min_length", min.into()));
        let max = self.max.map(|max| ("max_length", max.into()));
        min.into_iter().chain(max).collect()
    }
}

/// How large something may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range<T> {
    pub(super) min: Option<T>,
    pub(super) max: Option<T>,
}

impl<T> Default for Range<T> {
    fn default() -> Self {
        Self { min: None, max: None }
    }
}

/// A value that may be a bound.
pub(super) trait Bound: PartialOrd + fmt::Display {
    /// As OPTIONS tells it.
    fn to_json(&self) -> Value;
}

impl<T: Bound> Range<T> {
    /// `MaxValueValidator`, `MinValueValidator`
    pub(super) fn check(&self, value: &T, cx: &FieldContext<'_>, errors: &mut Vec<ErrorDetail>) {
        if let Some(max) = self.max.as_ref().filter(|max| value > max) {
            let message = "Ensure this value is less than or equal to {max_value}.";
            errors.push(cx.detail("max_value", message, &[("max_value", max)]));
        }
        if let Some(min) = self.min.as_ref().filter(|min| value < min) {
            let message = "Ensure this value is greater than or equal to {min_value}.";
            errors.push(cx.detail("min_value", message, &[("min_value", min)]));
        }
    }

    pub(super) fn attributes(&self) -> Vec<(&'static str, Value)> {
        let min = self.min.as_ref().map(|min| ("min_value", min.to_json()));
        let max = self.max.as_ref().map(|max| ("max_value", max.to_json()));
        min.into_iter().chain(max).collect()
    }
}
