//! Logging in and out (`django.contrib.auth`).
//!
//! A login is: verify the password; upgrade its hash; create the session; set `last_login`. [`authenticate`] does the
//! first two, for every scheme that knows passwords; [`login`] the others, for sessions. [`session_user`] finds at
//! later requests whom the session was opened for; [`logout`] ends it.

mod authenticate;
mod login;
mod logout;
mod session_user;

pub use authenticate::authenticate;
pub use login::login;
pub use logout::logout;
pub use session_user::session_user;
