//! [`ListSerializer`]: several bodies of one kind (`rest_framework.serializers.ListSerializer`).

use std::sync::Arc;

use doorward_django::json::Value;

use super::TimeFormats;
use super::limits::Lengths;
use super::list::{ELEMENTS, Empty};
use super::nested::Nested;
use crate::exceptions::{ApiException, Result};
use crate::parsers::Data;
use crate::serializers::{
    Completeness, Field, FieldContext, FieldType, Mapping, MultiDict, Primitive, Serializer, TypedField,
    ValidatedData, ValidatedValue, ValidationError, no_data,
};

/// Several bodies of one kind (`many=True`): a field of another serializer, or a body that is a list.
pub type ListSerializer = TypedField<Many>;

/// The type of a [`ListSerializer`].
#[derive(Clone, Debug)]
pub struct Many {
    child: Serializer,
    empty: Empty,
    lengths: Lengths,
}

impl Serializer {
    /// Several bodies of this kind (`many=True`).
    #[must_use]
    pub fn many(&self) -> ListSerializer {
        TypedField::of(Many {
            child: self.clone(),
            empty: Empty::Allowed,
            lengths: Lengths::default(),
        })
    }
}

impl TypedField<Many> {
    /// At least one (`allow_empty=False`).
    #[must_use]
    pub fn not_empty(mut self) -> Self {
        self.kind.empty = Empty::Refused;
        self
    }

    /// At least so many.
    #[must_use]
    pub fn min_length(mut self, count: usize) -> Self {
        self.kind.lengths.min = Some(count);
        self
    }

    /// At most so many.
    #[must_use]
    pub fn max_length(mut self, count: usize) -> Self {
        self.kind.lengths.max = Some(count);
        self
    }

    /// The validated values of a body that is a list.
    ///
    /// # Errors
    /// 400 with all that is wrong, item by item.
    pub fn run(&self, data: &Data, completeness: Completeness) -> Result<Vec<ValidatedData>> {
        let run = |sent| self.run_root(sent, completeness).map_err(ApiException::from);
        match data {
            Data::Json(value) => run(Primitive::from(value)),
            Data::Form(form) => run(Primitive::form(MultiDict::new(form))),
        }
    }

    fn run_root(
        &self,
        sent: Primitive<'_>,
        completeness: Completeness,
    ) -> Result<Vec<ValidatedData>, ValidationError> {
        if matches!(sent, Primitive::Null) {
            return Err(no_data());
        }
        let read = Field::from(self.clone()).run(sent, completeness)?;
        let ValidatedValue::List(items) = read else {
            return Ok(Vec::new());
        };
        let of_item = |item| match item {
            ValidatedValue::Dict(data) => Some(data),
            _ => None,
        };
        Ok(items.into_iter().filter_map(of_item).collect())
    }
}

impl FieldType for Many {
    fn type_name(&self) -> &'static str {
        "field"
    }

    /// In a form: `name[0]field`.
    fn value_in<'d>(&self, name: &str, data: &Mapping<'d>, _: &FieldContext<'_>) -> Option<Primitive<'d>> {
        match data {
            Mapping::Form(form) => form.list(name).map(Primitive::List),
            Mapping::Json(_) => data.value(name),
        }
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let items = self.items(data, cx).map_err(ValidationError::of_serializer)?;
        let child = self.child(cx);
        let (mut read, mut errors) = (Vec::new(), Vec::new());
        for (index, item) in items.into_iter().enumerate() {
            match child.run(item, cx.completeness()) {
                Ok(value) => read.push(value),
                Err(error) => errors.push((index.to_string(), error)),
            }
        }
        match errors.is_empty() {
            true => Ok(ValidatedValue::List(read)),
            false => Err(ValidationError::Fields(errors)),
        }
    }

    fn to_representation(&self, value: Value, _: &FieldContext<'_>) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.child.represent(item)).collect(),
            other => other,
        }
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        self.lengths.attributes()
    }

    fn item(&self) -> Option<Field> {
        Some(self.child.nested().into())
    }

    fn with_time_formats(&self, formats: &TimeFormats) -> Option<Arc<dyn FieldType>> {
        Some(Arc::new(Self {
            child: self.child.clone().time_formats(formats),
            ..self.clone()
        }))
    }
}

impl Many {
    /// What the list may be, its items may be too.
    fn child(&self, cx: &FieldContext<'_>) -> Field {
        let child = TypedField::of(Nested(self.child.clone()));
        match cx.allows_null() {
            true => child.allow_null().into(),
            false => child.into(),
        }
    }

    /// The items; the first thing that is wrong with the list is told alone.
    fn items<'d>(
        &self,
        data: Primitive<'d>,
        cx: &FieldContext<'_>,
    ) -> Result<Vec<Primitive<'d>>, ValidationError> {
        let items = super::list::items(data, cx)?;
        if items.is_empty() && self.empty == Empty::Refused {
            return Err(cx.fail("empty", "This list may not be empty.", &[]));
        }
        let mut errors = Vec::new();
        self.lengths.check(items.len(), ELEMENTS, cx, &mut errors);
        match errors.into_iter().next() {
            None => Ok(items),
            Some(error) => Err(error.into()),
        }
    }
}
