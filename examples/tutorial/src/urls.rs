//! The URL map: `tutorial/urls.py` of the reference site.

use doorward::endpoints;
use doorward::prelude::*;

use crate::{probes, products, serializer_probes, typed_probes, views};

/// Every address.
pub(crate) fn router(door: &Doorward) -> Router {
    door.router()
        .route("/", views::hello_world())
        .route("/home/", views::home())
        .route("/dashboard/", views::dashboard())
        .route("/profile/", views::token_profile())
        .route("/auth/token/", endpoints::obtain_auth_token())
        .route("/login/", endpoints::token_obtain_pair())
        .route("/refresh_token/", endpoints::token_refresh())
        .route("/verify_token/", endpoints::token_verify())
        .route("/blacklist_token/", endpoints::token_blacklist())
        .merge(door.endpoints())
        .merge(products::router(door))
        .merge(probes::router(door))
        .merge(serializer_probes::router(door))
        .merge(typed_probes::router(door))
}
