//! What stands around a request, as apps: their sections of the settings, what is wrong or unwise in them, and where their
//! rules are kept. The rules themselves stand further down, where requests are judged.

pub(crate) mod cache;
mod cors;
mod csrf;
pub(crate) mod database;
pub(crate) mod redis;
pub(crate) mod rest;
mod security;
pub(crate) mod server;
mod throttle;
pub(crate) mod user;
