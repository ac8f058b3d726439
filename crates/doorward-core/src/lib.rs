//! The framework: authentication, permissions and throttling at the door of an axum application.
//!
//! A request is **authenticated, permitted, throttled, handled, answered**; the module [`guard`] reads like
//! that sentence, and each verb is one call into one folder. The names are Django REST framework's.
//!
//! This crate holds no SQL and reads no file and no environment variable: stores come in behind the traits of
//! [`stores`], settings as the plain structs of [`settings`], time and chance through [`clock`] and [`entropy`].

pub mod answer;
pub mod app;
mod apps;
pub mod assembly;
pub mod authentication;
pub mod backends;
pub mod cache;
pub mod causes;
mod check_message;
pub mod checks;
pub mod clock;
#[cfg(feature = "commands")]
pub mod command;
pub mod context;
pub mod cookies;
mod cors;
pub mod csrf;
pub mod door;
pub mod entropy;
pub mod exception_handler;
pub mod exceptions;
pub mod expired;
mod explanation;
pub mod extract;
pub mod guard;
mod handlers;
pub mod headers;
pub mod http_client;
pub mod identity;
pub mod log_text;
pub mod login_limit;
mod metadata;
pub mod negotiation;
pub mod pages;
pub mod parsers;
pub mod password_validation;
pub mod passwords;
mod paths;
pub mod permissions;
pub mod policy;
pub mod renderers;
pub mod router;
pub mod security;
pub mod serializers;
mod served;
pub mod service;
pub mod sessions;
pub mod settings;
pub mod signals;
mod slots;
pub mod stores;
pub mod throttling;
pub mod user;

pub use answer::Answer;
pub use context::{Context, View};
pub use door::Door;
pub use exceptions::{ApiException, Result};
pub use identity::{Auth, Identity};
pub use policy::{Policy, RouteExt};
pub use router::Router;
pub use user::{User, UserId};
