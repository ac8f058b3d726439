//! What a product looks like outside, and what is wrong with one that comes in
//! (`rest_framework.serializers.ModelSerializer`).

use doorward::django::json::{Object, Value};
use doorward::metadata::FieldInfo;
use doorward::parsers::Data;
use doorward::prelude::*;
use serde_json::{Map, json};

use super::price::Price;

/// What OPTIONS tells of a product.
pub(crate) const FIELDS: [FieldInfo; 5] = [
    FieldInfo::read_only("id", "ID").kind("integer"),
    FieldInfo::required("name", "Name").limits(&[("max_length", 100)]),
    FieldInfo::optional("category", "Category").limits(&[("max_length", 50)]),
    FieldInfo::required("price", "Price")
        .kind("decimal")
        .limits(&[("max_digits", 10), ("decimal_places", 2)]),
    FieldInfo::optional("in_stock", "In stock").kind("boolean"),
];

/// A product's fields.
#[derive(Clone, Debug, Default)]
pub(crate) struct Product {
    pub(crate) id: i64,
    pub(crate) owner: Option<i64>,
    pub(crate) name: String,
    pub(crate) category: String,
    pub(crate) price: Price,
    pub(crate) in_stock: bool,
}

/// Whether absent fields are errors: PUT and POST want everything, PATCH takes what it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Completeness {
    Whole,
    Partial,
}

impl Product {
    /// What a new product is before anything is said of it.
    pub(crate) fn blank() -> Self {
        Self {
            in_stock: true,
            ..Self::default()
        }
    }

    pub(crate) fn to_json(&self) -> serde_json::Value {
        json!({
            "id": self.id,
            "name": self.name,
            "category": self.category,
            "price": self.price.to_string(),
            "in_stock": self.in_stock,
        })
    }

    /// The product with the fields of a request's data, or 400 with what is wrong with each.
    pub(crate) fn updated(mut self, data: &Data, completeness: Completeness) -> Result<Self> {
        let mut input = Input::new(data, completeness)?;
        input.read(
            "name",
            Presence::Required,
            |value| text(value, 100, Blank::Refused),
            &mut self.name,
        );
        input.read(
            "category",
            Presence::Optional,
            |value| text(value, 50, Blank::Allowed),
            &mut self.category,
        );
        input.read("price", Presence::Required, price, &mut self.price);
        input.read("in_stock", Presence::Checkbox, boolean, &mut self.in_stock);
        input.finish()?;
        Ok(self)
    }
}

/// The fields of a request, and the errors found so far.
struct Input {
    fields: Object,
    form: bool,
    completeness: Completeness,
    errors: Map<String, serde_json::Value>,
}

/// What it means that a field is absent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Required,
    Optional,
    /// In a form an absent checkbox is one that is not ticked.
    Checkbox,
}

impl Input {
    fn new(data: &Data, completeness: Completeness) -> Result<Self> {
        let form = matches!(data, Data::Form(_));
        Ok(Self {
            fields: doorward::fields::object(data)?,
            form,
            completeness,
            errors: Map::new(),
        })
    }

    fn read<T>(
        &mut self,
        name: &str,
        presence: Presence,
        parse: impl Fn(&Value) -> Result<T, String>,
        field: &mut T,
    ) {
        match self.value(name, presence).map(|value| parse_given(&value, parse)) {
            Some(Ok(value)) => *field = value,
            Some(Err(error)) => drop(self.errors.insert(name.to_owned(), json!([error]))),
            None if presence == Presence::Required && self.completeness == Completeness::Whole => {
                self.errors
                    .insert(name.to_owned(), json!(["This field is required."]));
            }
            None => {}
        }
    }

    fn value(&self, name: &str, presence: Presence) -> Option<Value> {
        let unticked =
            presence == Presence::Checkbox && self.form && self.completeness == Completeness::Whole;
        self.fields
            .get(name)
            .cloned()
            .or_else(|| unticked.then_some(Value::Bool(false)))
    }

    fn finish(self) -> Result {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(ApiException::validation_error(self.errors))
        }
    }
}

fn parse_given<T>(value: &Value, parse: impl Fn(&Value) -> Result<T, String>) -> Result<T, String> {
    if value.is_null() {
        Err("This field may not be null.".to_owned())
    } else {
        parse(value)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Blank {
    Allowed,
    Refused,
}

fn text(value: &Value, max_length: usize, blank: Blank) -> Result<String, String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return Err("Not a valid string.".to_owned()),
    };
    if text.is_empty() && blank == Blank::Refused {
        return Err("This field may not be blank.".to_owned());
    }
    if text.contains('\0') {
        return Err("Null characters are not allowed.".to_owned());
    }
    if text.chars().count() > max_length {
        return Err(format!(
            "Ensure this field has no more than {max_length} characters."
        ));
    }
    Ok(text)
}

fn price(value: &Value) -> Result<Price, String> {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.parse()
        .map_err(|error: super::price::PriceError| error.to_string())
}

/// `rest_framework.fields.BooleanField.TRUE_VALUES` and `FALSE_VALUES`
fn boolean(value: &Value) -> Result<bool, String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    match text.as_str() {
        "t" | "y" | "yes" | "true" | "on" | "1" | "T" | "Y" | "Yes" | "YES" | "True" | "TRUE" | "On"
        | "ON" | "1.0" => Ok(true),
        "f" | "n" | "no" | "false" | "off" | "0" | "F" | "N" | "No" | "NO" | "False" | "FALSE" | "Off"
        | "OFF" | "0.0" => Ok(false),
        _ => Err("Must be a valid boolean.".to_owned()),
    }
}
