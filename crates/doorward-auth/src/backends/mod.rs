//! The backends that know Django's users by name and password, as settings name them (`passwords.backends`;
//! `django.contrib.auth.backends`). What a backend is, and how those of a door are asked, is
//! [`doorward_core::backends`]'s, and passed on here.

mod case_insensitive;
mod email;
mod model;

pub use case_insensitive::CaseInsensitiveModelBackend;
pub use doorward_core::backends::*;
pub use email::EmailBackend;
pub use model::{AllowAllUsersModelBackend, ModelBackend};
