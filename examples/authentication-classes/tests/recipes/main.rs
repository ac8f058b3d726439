//! Each authentication class over HTTP: what opens its route, and what anybody may send besides.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod api_keys;
mod checks;
mod cookie;
mod issuer;
mod optional;
mod session;
mod signed;
mod stage;
mod tokens;
