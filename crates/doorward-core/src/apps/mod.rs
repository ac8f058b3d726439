//! [`own_apps`]: the apps that come with every door. Those of what stands around a request are here, thin: their sections of
//! the settings, what is wrong or unwise in them, and where their rules are kept. The rules themselves stand further down, where
//! requests are judged.

mod cache;
mod cors;
mod csrf;
mod database;
mod redis;
mod rest;
mod security;
mod server;
mod throttle;
mod user;

use crate::app::Apps;
use crate::authtoken::AuthTokens;
use crate::jwt::Jwt;
use crate::logins::Logins;
use crate::mail::Mail;
use crate::remote_user::RemoteUsers;
use crate::users::Passwords;

/// The apps that come with every door, in their order; those of a site stand after them.
#[must_use]
pub fn own_apps() -> Apps {
    Apps::new()
        .app::<server::Server>()
        .app::<database::SiteDatabase>()
        .app::<redis::Redis>()
        .app::<user::Users>()
        .app::<AuthTokens>()
        .app::<Passwords>()
        .app::<RemoteUsers>()
        .app::<Mail>()
        .app::<Logins>()
        .app::<csrf::CsrfRules>()
        .app::<cors::Cors>()
        .app::<throttle::ThrottleRules>()
        .app::<Jwt>()
        .app::<security::Security>()
        .app::<cache::Cache>()
        .app::<rest::Rest>()
}
