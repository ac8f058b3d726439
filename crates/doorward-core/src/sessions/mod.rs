//! Sessions and the CSRF cookie of one exchange (`django.contrib.sessions`, `django.middleware.csrf`).
//!
//! When the handler has answered, `end` saves the session and sets its cookie.

mod csrf;
mod finish;
mod handle;
mod state;

pub use csrf::CsrfCookie;
pub(crate) use finish::end;
pub use handle::Session;
