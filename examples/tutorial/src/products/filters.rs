//! `?category=`, `?in_stock=`, `?name=`, `?min_price=`, `?max_price=` (django-filter's `FilterSet`).

use doorward::prelude::*;
use doorward::serializers::Decimal;
use serde_json::{Map, json};

/// What a list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ItemFilter {
    pub(crate) category: Option<String>,
    pub(crate) in_stock: Option<bool>,
    pub(crate) name: Option<String>,
    pub(crate) min_price: Option<f64>,
    pub(crate) max_price: Option<f64>,
}

impl ItemFilter {
    /// Reads a query string; the last of several values counts, an empty one does not.
    ///
    /// # Errors
    /// 400 for a price that is no number, and for a text with a null character.
    pub(crate) fn from_query(query: &str) -> Result<Self> {
        let (mut filter, mut errors) = (Self::default(), Map::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let chosen = boolean(&value);
            let value = value.trim();
            let given = (!value.is_empty()).then(|| value.to_owned());
            match &*name {
                "category" => filter.category = text("category", given, &mut errors),
                "name" => filter.name = text("name", given, &mut errors),
                "in_stock" => filter.in_stock = chosen,
                "min_price" => filter.min_price = number("min_price", given, &mut errors),
                "max_price" => filter.max_price = number("max_price", given, &mut errors),
                _ => {}
            }
        }
        if errors.is_empty() {
            Ok(filter)
        } else {
            Err(ApiException::validation_error(errors))
        }
    }
}

/// `django.forms.NullBooleanSelect`: other words mean "no matter".
fn boolean(value: &str) -> Option<bool> {
    match value {
        "true" | "True" | "2" => Some(true),
        "false" | "False" | "3" => Some(false),
        _ => None,
    }
}

type Errors = Map<String, serde_json::Value>;

/// `django.core.validators.ProhibitNullCharactersValidator`
fn text(name: &str, given: Option<String>, errors: &mut Errors) -> Option<String> {
    let given = given?;
    if given.contains('\0') {
        errors.insert(name.to_owned(), json!(["Null characters are not allowed."]));
        return None;
    }
    Some(given)
}

/// `django_filters.NumberFilter`
fn number(name: &str, given: Option<String>, errors: &mut Errors) -> Option<f64> {
    let number = parsed(&given?);
    if let Err(problem) = number {
        errors.insert(name.to_owned(), json!([problem]));
    }
    number.ok()
}

/// `django.forms.DecimalField`, and the bound that a `NumberFilter` has.
fn parsed(text: &str) -> Result<f64, &'static str> {
    let number = Decimal::from_text(text).ok_or("Enter a number.")?;
    let greatest = Decimal::from_text("1e50").unwrap_or_default();
    match number > greatest {
        true => Err("Ensure this value is less than or equal to 1e+50."),
        false => number.to_string().parse().map_err(|_| "Enter a number."),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::ItemFilter;

    #[test]
    fn reads_what_it_knows_and_ignores_the_rest() {
        let filter =
            ItemFilter::from_query("category=tools&in_stock=perhaps&name=&min_price=1.5&unknown=1").unwrap();
        let expected = ItemFilter {
            category: Some("tools".into()),
            min_price: Some(1.5),
            ..ItemFilter::default()
        };
        assert_eq!(filter, expected);
    }

    #[test]
    fn a_price_must_be_a_number() {
        assert!(ItemFilter::from_query("min_price=abc").is_err());
        assert!(ItemFilter::from_query("max_price=inf").is_err());
        assert!(ItemFilter::from_query("max_price=1e50").is_ok());
        for large in ["1e51", "1e400", &"9".repeat(400)] {
            let refused = ItemFilter::from_query(&format!("max_price={large}")).unwrap_err();
            let sentence = "Ensure this value is less than or equal to 1e+50.";
            assert_eq!(refused.detail(), &json!({ "max_price": [sentence] }));
        }
    }

    #[test]
    fn a_text_has_no_null_characters() {
        for name in ["name", "category"] {
            let refused = ItemFilter::from_query(&format!("{name}=a%00b")).unwrap_err();
            assert_eq!(
                refused.detail(),
                &json!({ name: ["Null characters are not allowed."] })
            );
        }
        assert!(ItemFilter::from_query("in_stock=true%00").is_ok());
    }
}
