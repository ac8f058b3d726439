//! Sessions and the CSRF cookie of one exchange (`django.contrib.sessions`, `django.middleware.csrf`).
//!
//! When the handler has answered, `end` saves the session and sets its cookie.

mod csrf;
mod engines;
mod finish;
mod handle;
mod state;

pub use csrf::CsrfCookie;
pub(crate) use engines::Engine;
pub use engines::delete_expired;
pub(crate) use finish::end;
pub(crate) use handle::Looked;
pub use handle::Session;

/// What reading a session costs, in bytes: a compressed one, which `signing.dumps` marks by its first character, grows as it is
/// read.
fn weight(data: &str) -> usize {
    const GROWTH: usize = 16;
    match data.starts_with('.') {
        true => data.len().saturating_mul(GROWTH),
        false => data.len(),
    }
}
