//! Tokens, opaque and JSON web tokens: issued, shown, refreshed, taken back.
//!
//! Sentences and shapes are those that Django REST framework and SimpleJWT 5.5.1 were seen to answer.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic"
)]

#[cfg(feature = "asymmetric")]
mod algorithms;
mod bearer;
mod blacklisting;
mod clock;
mod commands;
mod concurrency;
mod cookie_outage;
mod cookie_settings;
mod cookies;
mod families;
#[cfg(feature = "asymmetric")]
mod keyring;
mod obtaining;
mod opaque;
mod own_claims;
mod refreshing;
#[cfg(feature = "asymmetric")]
mod resource_server;
mod revoking;
mod settings;
mod settings_at_work;
mod shared_blacklist;
mod site;
mod sliding;
mod stateless;
mod urls;
