//! Django REST framework's authentication, permissions and throttling for axum.
//!
//! A [`Doorward`] is opened from a settings file and the environment; its [`router`](Door::router) takes axum's
//! handlers and guards each route by the policy of the settings or its own.
//!
//! ```no_run
//! use axum::{Json, routing::get};
//! use doorward::prelude::*;
//!
//! async fn profile(user: User) -> Json<String> {
//!     Json(user.username().to_owned())
//! }
//!
//! # async fn main_() -> doorward::Result {
//! doorward::logging::init();
//! let door = Doorward::open("doorward.toml").await?;
//! let app = door.router().route("/api/me/", get(profile)).merge(door.endpoints());
//! door.serve(app).await
//! # }
//! ```
//!
//! An application keeps its own tables beside Django's: [`Doorward::database`] runs its SQL, and a
//! [`Migrator`](migrations::Migrator) with the application's [`App`](migrations::App) makes them.
//!
//! Names are Django REST framework's: [`authentication`], [`permissions`], [`exceptions`], [`throttling`].
//!
//! # Features
//! `sqlite` (on): Django's tables in an SQLite file. `postgres`: on a PostgreSQL server. `mariadb`: on a MariaDB or MySQL server. `config` (on): [`settings::Loader`], which reads
//! `doorward.toml` and the environment. `mail`: e-mails over SMTP and into files. `redis`: what several
//! nodes count together.
//! `logging` (on): [`logging::init`], which logs to standard error. `first-run` (on): [`Doorward::open`] makes what an
//! empty folder lacks.
//! `tls`: HTTPS with the certificate of `server.tls_cert`. `commands`: commands of apps, for a project's own program.

pub mod access_log;
mod apps;
pub mod chores;
mod error;
#[cfg(feature = "first-run")]
pub mod first_run;
mod key_files;
pub mod keys;
#[cfg(feature = "logging")]
pub mod logging;
#[cfg(feature = "mail")]
pub mod mail;
#[cfg(feature = "database")]
mod node;
#[cfg(feature = "database")]
mod open;
pub mod password_lists;
pub mod prelude;
mod redis;
mod resource_server;
pub mod secret_files;
pub mod serve;
#[cfg(feature = "database")]
mod session_cache;
#[cfg(feature = "config")]
pub mod settings;

/// The settings, for programs that make them in code.
#[cfg(not(feature = "config"))]
pub mod settings {
    pub use doorward_auth::settings::*;
    pub use doorward_core::settings::*;
}

/// The axum that a door is made of: handlers, `Json`, `State`. A crate may name its own instead, of the same version.
pub use axum;

#[cfg(not(feature = "mail"))]
pub use doorward_auth::mail;
pub use doorward_auth::schemes as authentication;
pub use doorward_auth::{endpoints, jwt, lockout};
#[cfg(feature = "commands")]
pub use doorward_core::command;
pub use doorward_core::renderers::Json;
pub use doorward_core::{
    Answer, ApiException, Auth, Context, Door, Identity, Policy, RouteExt, Router, User, UserId, View,
};
pub use doorward_core::{
    answer, app, cache, clock, context, cookies, csrf, entropy, exception_handler, exceptions, expired,
    extract, guard, identity, negotiation, parsers, password_validation, passwords, permissions, policy,
    renderers, router, serializers, sessions, signals, stores, throttling, user,
};
pub use doorward_django as django;
pub use doorward_django::json;

/// What is legal in the settings and unwise on the internet (`django.core.checks`): `doorward check --deploy`.
pub mod checks {
    pub use doorward_core::checks::*;
    use doorward_core::router::RouteInfo;
    use doorward_core::settings::Settings;

    /// What those settings lack on the internet, and which routes are open; the heaviest first.
    #[must_use]
    pub fn deploy(settings: &Settings, routes: &[RouteInfo]) -> Vec<CheckMessage> {
        doorward_core::checks::deploy(&crate::apps::with_own(settings.clone()), routes)
    }
}

/// Users: logging in and out, new ones, new passwords, opaque tokens (`django.contrib.auth`, `rest_framework.authtoken`).
pub mod accounts {
    pub use doorward_auth::accounts::*;
    pub use doorward_auth::authtoken::{obtain_auth_token, revoke_auth_token};
}

/// [`Door`], and what it is built with. The traits are what apps add to both: JSON web tokens, e-mails.
pub mod door {
    pub use doorward_auth::jwt::{JwtBuilderExt, JwtDoorExt};
    pub use doorward_auth::mail::{MailBuilderExt, MailDoorExt};
    pub use doorward_core::Door;
    pub use doorward_core::assembly::DoorBuilder;
}

#[cfg(feature = "database")]
pub use doorward_sqlx::{Schema, UserSchema, database, feed, local_times, migrations, nodes, samples};

pub use apps::own_apps;
pub use doorward_core::causes::with_causes;
#[cfg(not(feature = "jwks-client"))]
pub use doorward_core::http_client;
#[cfg(feature = "jwks-client")]
pub use doorward_serve::http_client;
pub use error::{Error, Result};
#[cfg(feature = "database")]
pub use open::{Doorward, SiteBuilder};
pub use resource_server::ResourceServer;
pub use serve::Server;
