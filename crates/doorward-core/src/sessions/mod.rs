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
mod trusted;

pub(crate) use cookie::{Attributes, Lifetime, SetCookie, http_date, texts as cookie_texts, vary_on};
pub use csrf::CsrfCookie;
pub(crate) use enforce::{enforce_csrf, enforce_csrf_of, refuse_foreign_page, refuse_foreign_use};
pub(crate) use finish::finish;
pub use handle::Session;
pub(crate) use trusted::trusted_origins;
