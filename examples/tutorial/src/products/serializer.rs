//! What a product looks like outside (`rest_framework.serializers.ModelSerializer`).

use std::sync::LazyLock;

use doorward::parsers::Data;
use doorward::prelude::*;
use doorward::serializers::{
    BooleanField, CharField, Completeness, Decimal, DecimalField, IntegerField, Serializer,
};
use serde::{Deserialize, Serialize};

/// `ProductSerializer`
pub(crate) static PRODUCT: LazyLock<Serializer> = LazyLock::new(|| {
    Serializer::new()
        .field("id", IntegerField::new().read_only().label("ID"))
        .field("name", CharField::new().max_length(100))
        .field(
            "category",
            CharField::new().max_length(50).allow_blank().optional(),
        )
        .field("price", DecimalField::new(10, 2))
        .field("in_stock", BooleanField::new().optional())
});

/// A product's fields.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Product {
    pub(crate) id: i64,
    #[serde(skip)]
    pub(crate) owner: Option<UserId>,
    pub(crate) name: String,
    pub(crate) category: String,
    pub(crate) price: Decimal,
    pub(crate) in_stock: bool,
}

impl Product {
    /// What a new product is before anything is said of it.
    pub(crate) fn blank() -> Self {
        Self {
            id: 0,
            owner: None,
            name: String::new(),
            category: String::new(),
            price: Decimal::new(0, 2),
            in_stock: true,
        }
    }

    /// The product with the fields of a request's data, or 400 with what is wrong with each.
    pub(crate) fn updated(self, data: &Data, completeness: Completeness) -> Result<Self> {
        let changed = PRODUCT.run(data, completeness)?.update(&self)?;
        Ok(Self {
            owner: self.owner,
            ..changed
        })
    }
}
