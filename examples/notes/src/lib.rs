//! Notes: each belongs to who wrote it, and nobody else sees it.

mod app;
mod endpoints;
mod permissions;
mod store;
mod tables;

use axum::routing::get;
use doorward::prelude::*;
use doorward::serializers::HasSerializer;
use doorward::{Door, SiteBuilder};

pub use app::{Notes, NotesSettings};
use store::Draft;

/// The site: its app, and the values that count where neither doorward.toml nor the environment sets them.
pub fn site() -> SiteBuilder {
    let site = Doorward::site().app::<Notes>();
    site.default_value("throttle.rates.notes", "60/min")
}

/// Every route of the site. What says nothing is for those who are logged in (`[rest] permission`).
#[must_use]
pub fn routes(door: &Door) -> Router {
    door.router()
        .route(
            "/api/notes/",
            get(endpoints::list)
                .post(endpoints::create)
                .takes(Draft::serializer())
                .throttle(UserRateThrottle::scope("notes")),
        )
        .route(
            "/api/notes/{id}/",
            get(endpoints::retrieve)
                .put(endpoints::update)
                .delete(endpoints::destroy),
        )
        .public("/healthz", get(|| async { "ok" }))
        .merge(door.endpoints()) // log in and out, tokens, passwords, the profile
}
