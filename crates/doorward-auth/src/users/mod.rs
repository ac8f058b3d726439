//! Users and their passwords (`[passwords]`): who is calling, another password, a forgotten one, and HTTP Basic
//! (`django.contrib.auth`).

mod app;
mod authentication;
#[cfg(feature = "commands")]
mod commands;
mod password_change;
mod password_reset;
mod profile;

pub(crate) use app::Passwords;
pub use authentication::BasicAuthentication;
pub use password_change::password_change;
pub use password_reset::{password_reset, password_reset_confirm};
pub use profile::profile;
