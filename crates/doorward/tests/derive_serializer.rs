//! `#[derive(Serializer)]`: a struct and a serializer that is written by hand are the same.

use doorward::parsers::Data;
use doorward::serializers::{
    CharField, Completeness, Decimal, DecimalField, HasSerializer, IntegerField, Serializer,
};
use serde_json::{Value, json};

#[derive(Debug, PartialEq, Serializer)]
#[serializer(help_text_from_docs)]
struct Product {
    #[serializer(read_only, label = "ID")]
    id: i64,
    /// As on the label.
    #[serializer(max_length = 10)]
    name: String,
    #[serializer(max_digits = 5, decimal_places = 2)]
    price: Decimal,
    #[serializer(name = "kind", allow_blank)]
    category: Option<String>,
    #[serializer(default = true)]
    in_stock: bool,
    sizes: Option<Vec<i32>>,
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq, Serializer)]
struct Part {
    name: String,
}

fn by_hand() -> Serializer {
    let size = IntegerField::new()
        .min_value(i64::from(i32::MIN))
        .max_value(i64::from(i32::MAX));
    let part = Serializer::new().field("name", CharField::new());
    Serializer::new()
        .field("id", integer().read_only().label("ID"))
        .field(
            "name",
            CharField::new().help_text("As on the label.").max_length(10),
        )
        .field("price", DecimalField::new(5, 2))
        .field(
            "kind",
            CharField::new()
                .optional()
                .allow_null()
                .source("category")
                .allow_blank(),
        )
        .field(
            "in_stock",
            doorward::serializers::BooleanField::new().default(true),
        )
        .field(
            "sizes",
            doorward::serializers::ListField::of_children(size)
                .optional()
                .allow_null(),
        )
        .field("parts", part.many())
}

fn integer() -> IntegerField {
    IntegerField::new().min_value(i64::MIN).max_value(i64::MAX)
}

fn data(value: Value) -> Data {
    Data::Json(value.into())
}

#[test]
fn a_derived_serializer_is_the_one_written_by_hand() {
    assert_eq!(
        Product::serializer().info().to_string(),
        by_hand().info().to_string()
    );
    for body in [
        json!({}),
        json!({"name": "a name too long", "price": "1.234", "kind": 5, "sizes": ["x", 1], "parts": [{}]}),
        json!({"name": "Lamp", "price": 1, "kind": null, "in_stock": "maybe", "parts": {}}),
        json!({"name": "Lamp", "price": "12.5", "kind": "", "sizes": [1, 2], "parts": [{"name": "Bulb"}], "id": 9}),
    ] {
        let derived = Product::serializer().run(&data(body.clone()), Completeness::Whole);
        let written = by_hand().run(&data(body.clone()), Completeness::Whole);
        let told = |result: Result<_, doorward::ApiException>| {
            result.map_err(|refused| refused.detail().to_string())
        };
        assert_eq!(told(derived), told(written), "{body}");
    }
}

#[test]
fn a_struct_is_read_from_a_body() {
    let body = json!({"name": "Lamp", "price": "12.5", "sizes": [1, 2], "parts": [{"name": "Bulb"}]});
    let product = Product::read(&data(body), Completeness::Whole).unwrap();
    let expected = Product {
        id: 0,
        name: "Lamp".to_owned(),
        price: Decimal::new(1250, 2),
        category: None,
        in_stock: true,
        sizes: Some(vec![1, 2]),
        parts: vec![Part {
            name: "Bulb".to_owned(),
        }],
    };
    assert_eq!(product, expected);
    let refused =
        Product::read(&data(json!({"name": "Lamp", "parts": []})), Completeness::Whole).unwrap_err();
    assert_eq!(
        refused.detail().to_string(),
        r#"{"price":["This field is required."]}"#
    );
}
