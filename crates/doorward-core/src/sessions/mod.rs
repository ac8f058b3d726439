//! Sessions and the CSRF cookie of one exchange (`django.contrib.sessions`, `django.middleware.csrf`).
//!
//! Whether a request is one that this site's own pages sent is asked by `enforce_csrf`; when the handler has
//! answered, `finish` saves the session and sets the cookies.

mod cookie;
mod csrf;
mod enforce;
mod finish;
mod handle;
mod state;

pub(crate) use cookie::{http_date, vary_on};
pub use csrf::CsrfCookie;
pub(crate) use enforce::enforce_csrf;
pub(crate) use finish::finish;
pub use handle::Session;
