//! `?category=`, `?in_stock=`, `?name=`, `?min_price=`, `?max_price=` (django-filter's `FilterSet`).

use doorward::prelude::*;
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
    /// 400 for a price that is no number.
    pub(crate) fn from_query(query: &str) -> Result<Self> {
        let (mut filter, mut errors) = (Self::default(), Map::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            let given = (!value.is_empty()).then(|| value.to_owned());
            match &*name {
                "category" => filter.category = given,
                "name" => filter.name = given,
                "in_stock" => filter.in_stock = boolean(value),
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

fn number(name: &str, given: Option<String>, errors: &mut Map<String, serde_json::Value>) -> Option<f64> {
    let number = given?.parse().ok().filter(|number: &f64| number.is_finite());
    if number.is_none() {
        errors.insert(name.to_owned(), json!(["Enter a number."]));
    }
    number
}

#[cfg(test)]
mod tests {
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
    }
}
