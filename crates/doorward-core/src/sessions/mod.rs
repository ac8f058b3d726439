//! Sessions and the CSRF cookie of one exchange (`django.contrib.sessions`, `django.middleware.csrf`).
//!
//! When the handler has answered, `finish` saves the session and sets the cookies.

mod csrf;
mod finish;
mod handle;
mod state;

pub use csrf::CsrfCookie;
pub(crate) use finish::finish;
pub use handle::Session;
