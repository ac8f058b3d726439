//! Products in Django's table `tutorial_product`.

use doorward::database::{Database, DatabaseError, Row, Value};
use doorward::extract::RequestContext;
use doorward::prelude::*;
use doorward::serializers::Decimal;
use doorward::settings::UserIdType;
use doorward::stores::StoreError;
use uuid::Uuid;

use super::filters::ItemFilter;
use super::serializer::Product;

/// The table of products.
#[derive(Clone, Debug)]
pub(crate) struct ProductStore {
    door: Doorward,
}

impl ProductStore {
    pub(crate) fn new(door: &Doorward) -> Self {
        Self { door: door.clone() }
    }

    /// Products in the order of their ids; what the filter does not ask for is no matter.
    pub(crate) async fn list(&self, filter: &ItemFilter) -> Result<Vec<Product>> {
        let sql = "SELECT id, name, category, price, in_stock, owner_id FROM tutorial_product \
             WHERE (category = ?1 OR ?1 IS NULL) AND (in_stock = ?2 OR ?2 IS NULL) \
               AND (upper(name) LIKE upper(?3) ESCAPE '!' OR ?3 IS NULL) \
               AND (price >= ?4 OR ?4 IS NULL) AND (price <= ?5 OR ?5 IS NULL) ORDER BY id";
        let values = vec![
            Value::from(filter.category()),
            filter.in_stock.into(),
            filter.name().map(containing).into(),
            filter.min_price().into(),
            filter.max_price().into(),
        ];
        let rows = self.database().fetch_all(sql, values).await.map_err(failed)?;
        rows.iter().map(|row| self.product(row).map_err(failed)).collect()
    }

    async fn find(&self, id: i64) -> Result<Option<Product>> {
        let sql = "SELECT id, name, category, price, in_stock, owner_id FROM tutorial_product WHERE id = ?";
        let row = self
            .database()
            .fetch_optional(sql, [Value::from(id)])
            .await
            .map_err(failed)?;
        let product = row.as_ref().map(|row| self.product(row));
        product.transpose().map_err(failed)
    }

    /// The product with the id that it was given.
    pub(crate) async fn insert(&self, product: Product, owner: Option<&UserId>) -> Result<Product> {
        let sql = "INSERT INTO tutorial_product (name, category, price, in_stock, owner_id, created) \
             VALUES (?, ?, ?, ?, ?, ?) RETURNING id";
        let values = vec![
            Value::from(product.name.as_str()),
            product.category.as_str().into(),
            product.price.to_string().into(),
            product.in_stock.into(),
            owner.into(),
            self.door.now().into(),
        ];
        let mut transaction = self.database().transaction().await.map_err(failed)?;
        let row = transaction.fetch_optional(sql, values).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        let id = row
            .map(|row| row.read("id"))
            .transpose()
            .map_err(failed)?
            .unwrap_or_default();
        Ok(Product { id, ..product })
    }

    pub(crate) async fn update(&self, product: &Product) -> Result {
        let sql = "UPDATE tutorial_product SET name = ?, category = ?, price = ?, in_stock = ? WHERE id = ?";
        let values = vec![
            Value::from(product.name.as_str()),
            product.category.as_str().into(),
            product.price.to_string().into(),
            product.in_stock.into(),
            product.id.into(),
        ];
        self.database()
            .execute(sql, values)
            .await
            .map(drop)
            .map_err(failed)
    }

    pub(crate) async fn delete(&self, id: i64) -> Result {
        let sql = "DELETE FROM tutorial_product WHERE id = ?";
        self.database()
            .execute(sql, [Value::from(id)])
            .await
            .map(drop)
            .map_err(failed)
    }

    fn database(&self) -> &Database {
        self.door.database()
    }

    fn product(&self, row: &Row) -> Result<Product, DatabaseError> {
        Ok(Product {
            id: row.read("id")?,
            owner: self.owner(row)?,
            name: row.read("name")?,
            category: row.read("category")?,
            price: price(row.read("price")?),
            in_stock: row.read("in_stock")?,
        })
    }

    /// A key of the user table, whose type is that of `user.id`.
    fn owner(&self, row: &Row) -> Result<Option<UserId>, DatabaseError> {
        let column = "owner_id";
        Ok(match self.door.settings().user.id {
            UserIdType::Uuid => row.read::<Option<Uuid>>(column)?.map(UserId::Uuid),
            UserIdType::Text => row
                .read::<Option<String>>(column)?
                .map(|text| UserId::Text(text.into())),
            _ => row.read::<Option<i64>>(column)?.map(UserId::Int),
        })
    }
}

/// The product of the path; nothing else in this program opens it before its permission is asked.
impl LoadObject<ProductStore> for Product {
    async fn load(request: &RequestContext, products: &ProductStore) -> Result<Unchecked<Self>> {
        let id: String = request.path().await?;
        let id = digits(&id).ok_or_else(ApiException::not_found)?;
        let product = products.find(id).await?;
        product
            .map(Unchecked::new)
            .ok_or_else(|| ApiException::not_found().with_detail("No Product matches the given query."))
    }
}

/// `<int:pk>` in a path.
fn digits(text: &str) -> Option<i64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// The price that a column of SQLite's NUMERIC affinity or a `numeric` of PostgreSQL's holds.
fn price(value: f64) -> Decimal {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "ten digits fit, and `as` saturates"
    )]
    let hundredths = (value * 100.0).round() as i64;
    Decimal::new(hundredths.into(), 2)
}

/// The pattern of LIKE for texts that hold `part`; its wildcards stand for themselves. A backslash would not do: MariaDB takes
/// one in a statement for the beginning of another letter.
fn containing(part: &str) -> String {
    let escaped = part.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{escaped}%")
}

fn failed(error: DatabaseError) -> ApiException {
    StoreError::from(error).into()
}
