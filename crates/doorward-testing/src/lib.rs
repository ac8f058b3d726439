//! For tests of what stands behind Doorward: a door in memory, clients by kind of caller, a clock to move.
//!
//! ```
//! use axum::{Json, routing::get};
//! use doorward_core::{Door, Router, User};
//! use doorward_testing::TestDoor;
//! use serde_json::{Value, json};
//!
//! async fn profile(user: User) -> Json<Value> {
//!     Json(json!({ "username": user.username() }))
//! }
//!
//! // The application's routes: the same function that its `main` calls.
//! fn routes(door: &Door) -> Router {
//!     door.router().route("/profile/", get(profile))
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let door = TestDoor::new();
//! let alice = door.user("alice").staff().create().await;
//! let site = door.site(routes(&door));
//!
//! let by_token = site.token(&alice).await;
//! let profile = by_token.get("/profile/").await;
//! profile.assert_status(200).assert_json(json!({ "username": "alice" }));
//!
//! site.anonymous().get("/profile/").await.assert_status(401);
//! site.assert_anonymous_denied([]).await;
//! # });
//! ```
//!
//! | what | by |
//! |---|---|
//! | a door on a database in memory, with a quick hasher | [`TestDoor`], [`TestDoorBuilder`], [`TestDatabase`] |
//! | users by kind | [`TestDoor::user`], [`NewTestUser`] |
//! | an application behind that door | [`TestDoor::site`], [`TestSite`] |
//! | clients by kind of caller | [`TestSite::anonymous`], [`basic`](TestSite::basic), [`token`](TestSite::token), [`jwt`](TestSite::jwt), [`session`](TestSite::session) |
//! | requests and answers | [`TestRequest`], [`TestResponse`] |
//! | streams of server-sent events | [`TestRequest::events`], [`TestEvents`] |
//! | time | [`TestDoor::advance`], [`TestDoor::clock`] |
//! | the same for a door on a database | [`test_settings`], [`TestSite::new`], [`TestUser::known`] |
//! | chance that repeats itself | [`TestDoorBuilder::seed`] |
//! | commands of apps (feature `commands`) | `TestConsole` |
//! | an empty database of each kind (feature `databases`) | `FreshDatabase` |
//! | "every route denies the anonymous" | [`TestSite::assert_anonymous_denied`] |
//!
//! There is no way round the guard: a client's credential is real. It was issued by an endpoint of the library for
//! the user's password, and the guard judges it like any other.
//!
//! What a test expected and did not find is a panic whose message holds the request and the whole answer.

mod anonymous;
mod apps;
mod client;
#[cfg(feature = "commands")]
mod console;
mod cookies;
mod database;
mod door;
mod entropy;
mod events;
mod failure;
#[cfg(feature = "databases")]
mod fresh;
mod image;
mod response;
mod rows;
mod site;
mod user;
mod wait;

pub use client::{TestClient, TestRequest};
#[cfg(feature = "commands")]
pub use console::TestConsole;
pub use database::TestDatabase;
pub use door::{NewTestUser, TestDoor, TestDoorBuilder, test_settings};
pub use entropy::SeededEntropy;
pub use events::{TestEvent, TestEvents};
#[cfg(feature = "databases")]
pub use fresh::FreshDatabase;
pub use response::TestResponse;
pub use site::{TestSite, TokenPair};
pub use user::TestUser;
