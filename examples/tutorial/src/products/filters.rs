//! `?category=`, `?in_stock=`, `?name=`, `?min_price=`, `?max_price=` (django-filter's `FilterSet`).

use doorward::prelude::*;
use doorward::serializers::{
    Decimal, ErrorDetail, FieldContext, FieldType, Primitive, Serializer, TypedField, ValidatedValue,
    ValidationError, trimmed,
};

/// What a list is narrowed to; of several values of one name the last counts, an empty one does not.
#[derive(Clone, Debug, Default, PartialEq, Serializer)]
pub(crate) struct ItemFilter {
    #[serializer(allow_blank)]
    category: Option<String>,
    #[serializer(field = TypedField::of(NullBoolean).optional())]
    pub(crate) in_stock: Option<bool>,
    #[serializer(allow_blank)]
    name: Option<String>,
    #[serializer(field = TypedField::of(FilterNumber).optional().allow_null())]
    min_price: Option<Decimal>,
    #[serializer(field = TypedField::of(FilterNumber).optional().allow_null())]
    max_price: Option<Decimal>,
}

impl ItemFilter {
    pub(crate) fn category(&self) -> Option<&str> {
        given(self.category.as_deref())
    }

    pub(crate) fn name(&self) -> Option<&str> {
        given(self.name.as_deref())
    }

    pub(crate) fn min_price(&self) -> Option<f64> {
        self.min_price.as_ref().and_then(nearest)
    }

    pub(crate) fn max_price(&self) -> Option<f64> {
        self.max_price.as_ref().and_then(nearest)
    }
}

fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// The float that a price is compared as.
fn nearest(price: &Decimal) -> Option<f64> {
    price.to_string().parse().ok()
}

/// `django.forms.NullBooleanSelect`: other words mean "no matter".
#[derive(Debug)]
struct NullBoolean;

impl FieldType for NullBoolean {
    fn type_name(&self) -> &'static str {
        "boolean"
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        _: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        Ok(match &*data.to_text() {
            "true" | "True" | "2" => true.into(),
            "false" | "False" | "3" => false.into(),
            _ => ValidatedValue::Null,
        })
    }
}

/// `django_filters.NumberFilter`: a `django.forms.DecimalField` with a bound.
#[derive(Debug)]
struct FilterNumber;

impl FieldType for FilterNumber {
    fn type_name(&self) -> &'static str {
        "decimal"
    }

    /// What is blank is not asked for.
    fn settled(
        &self,
        data: &Primitive<'_>,
        _: &FieldContext<'_>,
    ) -> Option<Result<ValidatedValue, ValidationError>> {
        trimmed(&data.to_text())
            .is_empty()
            .then_some(Ok(ValidatedValue::Null))
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let number = Decimal::from_text(&data.to_text());
        number
            .map(ValidatedValue::Decimal)
            .ok_or_else(|| cx.fail("invalid", "Enter a number.", &[]))
    }

    fn validate(&self, value: &ValidatedValue, cx: &FieldContext<'_>, errors: &mut Vec<ErrorDetail>) {
        let most = Decimal::from_text("1e50");
        if value.as_decimal() > most.as_ref() {
            let message = "Ensure this value is less than or equal to 1e+50.";
            errors.push(cx.detail("max_value", message, &[]));
        }
    }
}

#[cfg(test)]
mod tests {
    use doorward::extract::Query;
    use serde_json::json;

    use super::*;

    fn read(query: &str) -> Result<ItemFilter> {
        Query::read(query).map(|Query(filter)| filter)
    }

    #[test]
    fn reads_what_it_knows_and_ignores_the_rest() {
        let filter = read("category=tools&in_stock=perhaps&name=&min_price=1.5&unknown=1").unwrap();
        let expected = ItemFilter {
            category: Some("tools".into()),
            name: Some(String::new()),
            min_price: Decimal::from_text("1.5"),
            ..ItemFilter::default()
        };
        assert_eq!((filter.name(), &filter), (None, &expected));
        assert_eq!(read("name=%20&category=").unwrap().name(), None);
    }

    #[test]
    fn a_price_must_be_a_number() {
        assert!(read("min_price=abc").is_err());
        assert!(read("max_price=inf").is_err());
        assert!(read("max_price=1e50").is_ok());
        for large in ["1e51", "1e400", &"9".repeat(400)] {
            let refused = read(&format!("max_price={large}")).unwrap_err();
            let sentence = "Ensure this value is less than or equal to 1e+50.";
            assert_eq!(refused.detail(), &json!({ "max_price": [sentence] }));
        }
    }

    #[test]
    fn a_text_has_no_null_characters() {
        for name in ["name", "category"] {
            let refused = read(&format!("{name}=a%00b")).unwrap_err();
            assert_eq!(
                refused.detail(),
                &json!({ name: ["Null characters are not allowed."] })
            );
        }
        assert!(read("in_stock=true%00").is_ok());
    }
}
