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

pub(crate) use user::{Users, times};

use crate::app::Apps;

/// The apps of the framework, which come with every door, in their order. Those that know users and credentials are
/// `doorward_auth::apps`.
#[must_use]
pub fn own_apps() -> Apps {
    Apps::new()
        .own::<server::Server>()
        .own::<database::SiteDatabase>()
        .own::<redis::Redis>()
        .own::<Users>()
        .own::<csrf::CsrfRules>()
        .own::<cors::Cors>()
        .own::<throttle::ThrottleRules>()
        .own::<security::Security>()
        .own::<cache::Cache>()
        .own::<rest::Rest>()
}
