//! Protection against requests that other sites forge: `django.middleware.csrf`.
//!
//! A [`CsrfSecret`] lives in a cookie; a form or a header must repeat it, masked or not. A request that
//! changes something is checked in Django's order: where it comes from ([`check_source`]), then the token
//! ([`check_token`]). Where no token can be asked for, the page is ([`check_page`]). A failure is a [`RejectReason`], whose text is Django's.

mod origins;
mod page;
mod reason;
mod secret;
mod source;
mod token;

pub use origins::{InvalidTrustedOrigin, TrustedOrigins};
pub use page::check_page;
pub use reason::{RejectReason, TokenProblem, TokenSource};
pub use secret::{CSRF_RANDOM_BYTES, CsrfSecret, InvalidTokenFormat, rotate_token};
pub use source::{CsrfSource, check_origin, check_referer, check_source};
pub use token::{CsrfTokens, check_token};

/// The member of a session that holds the secret where `CSRF_USE_SESSIONS` is on.
pub const CSRF_SESSION_KEY: &str = "_csrftoken";
/// The form field that repeats the secret in a POST.
pub const CSRF_FORM_FIELD: &str = "csrfmiddlewaretoken";

/// Whether a method changes nothing by definition (RFC 9110 §9.2.1), so that it needs no token.
#[must_use]
pub fn is_safe_method(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
}
