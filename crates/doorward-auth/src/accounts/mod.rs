//! Accounts: logging in and out, new users, new passwords (`django.contrib.auth`).
//!
//! A login is: verify the password; upgrade its hash; create the session; set `last_login`; tell the subscribers.
//! [`authenticate_request`] does the first two, for every scheme that knows passwords, by asking the door's
//! [backends](crate::backends); [`login`] the others, for sessions. [`session_user`] finds at later
//! requests whom the session was opened for; [`logout`] ends it.
//!
//! [`create_user`] makes accounts, [`change_password`] and [`set_password`] give them other passwords, and
//! [`send_password_reset`] begins where the old one is forgotten.

mod authenticate;
mod create;
pub(crate) mod credentials;
mod login;
mod logout;
mod password_reset;
mod passwords;
mod session_user;

pub(crate) use authenticate::{attempt, count, log_failed_login, try_credentials};
pub use authenticate::{authenticate, authenticate_request, authenticate_with_backend};
#[cfg(feature = "commands")]
pub(crate) use create::logs_in_by_email;
pub use create::{
    CreateUserError, NewAccount, create_superuser, create_user, get_or_create_account, get_or_create_user,
};
pub use doorward_core::login_limit::remember_device;
pub use doorward_core::password_validation::validate_password;
pub use login::{login, login_with_backend, update_session_auth_hash};
pub use logout::logout;
pub use password_reset::{PasswordReset, check_password_reset, reset_password, send_password_reset};
pub use passwords::{PasswordChange, change_password, set_password};
pub use session_user::session_user;
