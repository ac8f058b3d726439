//! A site on a database in memory, whose look-ups are counted.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::routing::get;
use doorward_auth::accounts::{NewAccount, create_user};
use doorward_core::clock::ManualClock;
use doorward_core::exceptions::Result;
use doorward_core::extract::RequestContext;
use doorward_core::settings::{Period, Settings};
use doorward_core::{Door, Router, User};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_testing::{TestClient, TestDatabase, TestSite, TestUser, test_settings};
use serde_json::{Value, json};

use crate::counted::{self, LookUps};

/// The default, in a test.
pub(crate) const BOUND: Duration = Duration::from_millis(99);

pub(crate) struct Site {
    pub(crate) door: Door,
    pub(crate) database: TestDatabase,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) alice: TestUser,
    pub(crate) site: TestSite,
    look_ups: LookUps,
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With a cache that is as old as [`BOUND`], unless the settings are changed.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::default();
        settings.cache.max_staleness = Period::from_millis(99);
        settings.jwt.access_token_lifetime = Period::from_secs(86_400);
        change(&mut settings);
        let (database, look_ups) = (TestDatabase::new(), LookUps::default());
        let clock = Arc::new(ManualClock::new(Timestamp::from_secs(1_700_000_000)));
        let stores = counted::stores(database.stores(), &look_ups);
        let door = Door::builder(test_settings(settings), stores)
            .database(database.database())
            .clock(Arc::clone(&clock) as _)
            .build()
            .unwrap();
        let alice = user(&door, "alice").await;
        let site = TestSite::new(&door, routes(&door));
        Self {
            door,
            database,
            clock,
            alice,
            site,
            look_ups,
        }
    }

    /// How many look-ups a request costs, and the status of its answer.
    pub(crate) async fn cost(&self, client: &TestClient, path: &str) -> (usize, u16) {
        self.look_ups.take();
        let status = client.get(path).await.status().as_u16();
        (self.look_ups.take(), status)
    }

    /// Lets as much time pass as anything may be old.
    pub(crate) fn pass(&self) {
        self.clock.advance(BOUND);
    }
}

async fn user(door: &Door, username: &str) -> TestUser {
    let password = "correct horse battery".to_owned();
    let account = NewAccount {
        username: username.to_owned(),
        password: Some(Secret::new(password.clone())),
        ..NewAccount::default()
    };
    TestUser::known(&create_user(door, account).await.unwrap(), &password)
}

pub(crate) fn routes(door: &Door) -> Router {
    door.router()
        .route("/me/", get(me))
        .route("/may/", get(may))
        .route("/visits/", get(visits))
}

async fn me(user: User) -> String {
    user.username().to_owned()
}

async fn may(request: RequestContext) -> Result<Json<Value>> {
    let cx = request.context();
    let may = cx.has_perm("shop.view_product").await? && cx.has_perm("shop.add_product").await?;
    Ok(Json(json!({ "may": may, "groups": cx.groups().await? })))
}

/// What touches the data of a session.
async fn visits(request: RequestContext) -> Result<Json<Value>> {
    let session = request.context().session();
    let visits = session.get("visits").await?.and_then(|visits| visits.as_i64());
    let visits = visits.unwrap_or_default() + 1;
    session.insert("visits", visits).await?;
    Ok(Json(json!(visits)))
}
