//! [`Store`]: the shop's tables. SQL is written once, with `?` for each value; both kinds of databases run it.

use doorward::database::{Database, DatabaseError, Row};
use doorward::django::timestamp::Timestamp;
use serde::Serialize;

/// The shop's tables in a database.
pub(crate) struct Store<'d>(pub(crate) &'d Database);

type Result<T> = std::result::Result<T, DatabaseError>;

/// A row of `shop_product`.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Product {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// In cents.
    pub(crate) price: i64,
    pub(crate) stock: i64,
}

/// What came of a sale.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Sold {
    /// It is recorded; so many are left.
    Left(i64),
    OutOfStock,
    NoSuchProduct,
}

impl Product {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.read("id")?,
            name: row.read("name")?,
            price: row.read("price")?,
            stock: row.read("stock")?,
        })
    }
}

impl Store<'_> {
    pub(crate) async fn products(&self) -> Result<Vec<Product>> {
        let sql = "SELECT id, name, price, stock FROM shop_product ORDER BY name";
        let rows = self.0.fetch_all(sql, []).await?;
        rows.iter().map(Product::read).collect()
    }

    /// Adds a product; one of that name gets the new price and stock.
    pub(crate) async fn put(&self, name: &str, price: i64, stock: i64) -> Result<()> {
        let mut transaction = self.0.transaction().await?;
        transaction.exclusive(&["shop_product"]).await?;
        let update = "UPDATE shop_product SET price = ?, stock = ? WHERE name = ?";
        let changed = transaction
            .execute(update, [price.into(), stock.into(), name.into()])
            .await?;
        if changed == 0 {
            let insert = "INSERT INTO shop_product (name, price, stock) VALUES (?, ?, ?)";
            transaction
                .execute(insert, [name.into(), price.into(), stock.into()])
                .await?;
        }
        transaction.commit().await
    }

    /// Sells one: stock and sale change together, and no two tills sell the last one.
    pub(crate) async fn sell(&self, product: i64, now: Timestamp) -> Result<Sold> {
        let mut transaction = self.0.transaction().await?;
        transaction
            .exclusive(&[&format!("shop_product {product}")])
            .await?;
        let found = "SELECT stock FROM shop_product WHERE id = ?";
        let Some(row) = transaction.fetch_optional(found, [product.into()]).await? else {
            return Ok(Sold::NoSuchProduct);
        };
        let left = row.read::<i64>("stock")? - 1;
        if left < 0 {
            return Ok(Sold::OutOfStock);
        }
        let stock = "UPDATE shop_product SET stock = ? WHERE id = ?";
        transaction.execute(stock, [left.into(), product.into()]).await?;
        let sale = "INSERT INTO shop_sale (product_id, sold_at) VALUES (?, ?)";
        transaction.execute(sale, [product.into(), now.into()]).await?;
        transaction.commit().await?;
        Ok(Sold::Left(left))
    }

    /// Forgets sales before that time; tells how many.
    pub(crate) async fn forget_sales(&self, before: Timestamp) -> Result<u64> {
        let sql = "DELETE FROM shop_sale WHERE sold_at < ?";
        self.0.execute(sql, [before.into()]).await
    }
}
