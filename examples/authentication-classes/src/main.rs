//! Authentication classes of one's own, by kind. `cargo run -p authentication-classes`, in an empty folder.
//!
//! ```text
//! # A session without CSRF token, for an app that keeps cookies and is no page
//! curl -X POST http://127.0.0.1:8000/session-exempt/ -b sessionid=<SESSION>
//!
//! # A bad token means anonymous
//! curl http://127.0.0.1:8000/optional/ -H 'Authorization: Token 0000'
//! ```

use std::sync::Arc;

use authentication_classes::{Keys, KeysSettings, keycloak, routes};
use doorward::first_run;
use doorward::http_client::HttpsClient;
use doorward::prelude::*;

#[tokio::main]
async fn main() -> doorward::Result {
    doorward::logging::init();
    let door = Doorward::site().app::<Keys>().open("doorward.toml").await?;
    first_run::prepare(&door, &door.migrator()).await?;
    let client = Arc::new(HttpsClient::new().map_err(doorward::Error::HttpClient)?);
    let keycloak = Arc::new(keycloak(&door.settings().section::<KeysSettings>(), client)?);
    door.serve(routes(&door, &keycloak).merge(door.endpoints())).await
}
