//! Whether settings are possible that need no other module to judge, and whether what they ask for exists yet.
//!
//! What a module makes of its section it judges itself; all of it is asked, in its order, by
//! [`assembly`](crate::assembly).

pub mod cookie;
mod findings;
pub mod limits;
pub mod listener;
pub mod periods;
pub(crate) mod secret_key;
pub mod unsupported;

use super::Settings;

pub use findings::Findings;

/// Whether a text is a token of RFC 9110 §5.6.2: what names of cookies and schemes are made of.
#[must_use]
pub fn is_token(text: &str) -> bool {
    let is_tchar = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !text.is_empty() && text.chars().all(is_tchar)
}
