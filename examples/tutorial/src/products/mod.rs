//! The products API, and the catalogue, which is the same under permissions on the model.

mod filters;
mod permissions;
mod serializer;
mod store;

use axum::Json;
use axum::extract::State;
use axum::routing::{MethodRouter, get};
use doorward::extract::Query;
use doorward::parsers::Data;
use doorward::permissions::DjangoModelPermissionsOrAnonReadOnly;
use doorward::prelude::*;
use doorward::serializers::Completeness;
use filters::ItemFilter;
use http::StatusCode;
use permissions::IsOwnerOrReadOnly;
use serializer::{PRODUCT, Product};
use store::ProductStore;

/// `/products/`: for everyone who is known, to be changed by owners.
/// `/catalog/` and `/public-catalog/`: for those whom Django's admin gave the permissions.
pub(crate) fn router(door: &Doorward) -> Router {
    let (list, detail) = (list(door), detail::<IsOwnerOrReadOnly>(door));
    let products = door
        .router()
        .route(
            "/products/",
            list.policy(IsAuthenticated)
                .describe("Product List Create", "")
                .takes(&*PRODUCT),
        )
        .route(
            "/products/{id}/",
            about_product::<IsOwnerOrReadOnly>(
                door,
                detail.policy(IsAuthenticated).describe("Product Detail", ""),
            ),
        );
    products.merge(catalog(door))
}

fn catalog(door: &Doorward) -> Router {
    let permissions = || DjangoModelPermissions::of("tutorial", "product");
    let or_read_only = DjangoModelPermissionsOrAnonReadOnly::of("tutorial", "product");
    let (list, public, detail) = (full_list(door), full_list(door), detail::<AllowAny>(door));
    door.router()
        .route(
            "/catalog/",
            list.policy(permissions())
                .describe("Catalog", "")
                .takes(&*PRODUCT),
        )
        .route(
            "/catalog/{id}/",
            about_product::<AllowAny>(door, detail.policy(permissions()).describe("Catalog Detail", "")),
        )
        .route(
            "/public-catalog/",
            public
                .policy(or_read_only)
                .describe("Public Catalog", "")
                .takes(&*PRODUCT),
        )
}

type Products = State<ProductStore>;

/// `ListCreateAPIView` with a filter; who creates a product owns it.
fn list(door: &Doorward) -> MethodRouter {
    async fn list(products: Products, Query(filter): Query<ItemFilter>) -> Result<Json<Vec<Product>>> {
        products.list(&filter).await.map(Json)
    }
    async fn create(products: Products, user: User, data: Data) -> Result<(StatusCode, Json<Product>)> {
        created(&products, &data, Some(user.id())).await
    }
    get(list).post(create).with_state(ProductStore::new(door))
}

/// `ListCreateAPIView` of all products; what is created here is nobody's.
fn full_list(door: &Doorward) -> MethodRouter {
    async fn list(products: Products) -> Result<Json<Vec<Product>>> {
        products.list(&ItemFilter::default()).await.map(Json)
    }
    async fn create(products: Products, data: Data) -> Result<(StatusCode, Json<Product>)> {
        created(&products, &data, None).await
    }
    get(list).post(create).with_state(ProductStore::new(door))
}

async fn created(
    products: &ProductStore,
    data: &Data,
    owner: Option<&UserId>,
) -> Result<(StatusCode, Json<Product>)> {
    let product = Product::blank().updated(data, Completeness::Whole)?;
    let stored = products.insert(product, owner).await?;
    Ok((StatusCode::CREATED, Json(stored)))
}

/// `RetrieveUpdateDestroyAPIView`: each handler gets a product that `P` has granted to the caller.
fn detail<P: ObjectPermission<Product> + Default + 'static>(door: &Doorward) -> MethodRouter {
    let detail = get(retrieve::<P>).put(update::<P>).patch(partial_update::<P>);
    detail.delete(destroy::<P>).with_state(ProductStore::new(door))
}

/// The route with what OPTIONS tells of a PUT, to those whom `P` grants the product.
fn about_product<P: ObjectPermission<Product> + Default + 'static>(
    door: &Doorward,
    route: GuardedRoute,
) -> GuardedRoute {
    let store = ProductStore::new(door);
    route.takes(&*PRODUCT).object::<Permitted<Product, P>, _>(store)
}

async fn retrieve<P>(Permitted(product): Permitted<Product, P>) -> Json<Product> {
    Json(product)
}

async fn update<P>(
    products: Products,
    Permitted(product): Permitted<Product, P>,
    data: Data,
) -> Result<Json<Product>> {
    saved(&products, product.updated(&data, Completeness::Whole)?).await
}

async fn partial_update<P>(
    products: Products,
    Permitted(product): Permitted<Product, P>,
    data: Data,
) -> Result<Json<Product>> {
    saved(&products, product.updated(&data, Completeness::Partial)?).await
}

async fn saved(products: &ProductStore, product: Product) -> Result<Json<Product>> {
    products.update(&product).await?;
    Ok(Json(product))
}

async fn destroy<P>(products: Products, Permitted(product): Permitted<Product, P>) -> Result<StatusCode> {
    products.delete(product.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
