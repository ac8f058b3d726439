//! The products API: list, create, retrieve, update, delete.

mod filters;
mod price;
mod serializer;
mod store;

use axum::Json;
use axum::extract::{FromRequest, OriginalUri, Path, Request, State};
use axum::routing::get;
use doorward::parsers::Data;
use doorward::prelude::*;
use http::StatusCode;
use serde_json::Value;

use filters::ItemFilter;
use serializer::{Completeness, Product};
use store::ProductStore;

/// `/products/` and `/products/{id}/`.
pub(crate) fn router(door: &Doorward) -> Router {
    let list = get(list).post(create).with_state(ProductStore::new(door));
    let detail = get(retrieve).put(update).patch(partial_update).delete(destroy);
    let detail = detail.with_state(ProductStore::new(door));
    door.router()
        .route(
            "/products/",
            list.policy(IsAuthenticated).describe("Product List Create", ""),
        )
        .route(
            "/products/{id}/",
            detail.policy(IsAuthenticated).describe("Product Detail", ""),
        )
}

type Products = State<ProductStore>;
/// A path as text: what is no id is a product that is not there.
type Id = Path<String>;

async fn list(products: Products, OriginalUri(uri): OriginalUri) -> Result<Json<Vec<Value>>> {
    let filter = ItemFilter::from_query(uri.query().unwrap_or_default())?;
    Ok(Json(
        products
            .list(&filter)
            .await?
            .iter()
            .map(Product::to_json)
            .collect(),
    ))
}

async fn create(products: Products, user: User, data: Data) -> Result<(StatusCode, Json<Value>)> {
    let product = Product::blank().updated(&data, Completeness::Whole)?;
    let stored = products.insert(product, user.id()).await?;
    Ok((StatusCode::CREATED, Json(stored.to_json())))
}

async fn retrieve(products: Products, id: Id) -> Result<Json<Value>> {
    Ok(Json(find(&products, &id).await?.to_json()))
}

async fn update(products: Products, id: Id, user: User, request: Request) -> Result<Json<Value>> {
    change(&products, &id, &user, request, Completeness::Whole).await
}

async fn partial_update(products: Products, id: Id, user: User, request: Request) -> Result<Json<Value>> {
    change(&products, &id, &user, request, Completeness::Partial).await
}

async fn destroy(products: Products, id: Id, user: User) -> Result<StatusCode> {
    let product = owned(&products, &id, &user).await?;
    products.delete(product.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The body is read last: whoever may not change the product is told so whatever it says.
async fn change(
    products: &ProductStore,
    id: &str,
    user: &User,
    request: Request,
    completeness: Completeness,
) -> Result<Json<Value>> {
    let product = owned(products, id, user).await?;
    let data = Data::from_request(request, &()).await?;
    let product = product.updated(&data, completeness)?;
    products.update(&product).await?;
    Ok(Json(product.to_json()))
}

async fn find(products: &ProductStore, id: &str) -> Result<Product> {
    let digits = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let id = id
        .parse()
        .ok()
        .filter(|_| digits)
        .ok_or_else(ApiException::not_found)?;
    products.find(id).await?.ok_or_else(not_found)
}

/// `IsOwnerOrReadOnly`: only the owner changes a product.
async fn owned(products: &ProductStore, id: &str, user: &User) -> Result<Product> {
    let product = find(products, id).await?;
    if product.owner.map(UserId::Int).as_ref() == Some(user.id()) {
        return Ok(product);
    }
    let denied = ApiException::permission_denied().with_code("not_owner");
    Err(denied.with_detail("Only the owner may change this product."))
}

/// `get_object_or_404`
fn not_found() -> ApiException {
    ApiException::not_found().with_detail("No Product matches the given query.")
}
