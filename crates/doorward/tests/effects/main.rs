//! First what can fail, then what cannot be undone: nothing is spent and nothing is written for an answer that was not
//! given.
//!
//! Each endpoint is asked with a failure at its first step, at its second, and so on, until none is left to fail. After
//! each answer that was not given every table is as before, and the same request with the same credentials is answered
//! once the failure is lifted. What is otherwise is listed with its reason, and the list is exact.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod passwords;
mod planted;
mod sessions;
mod site;
mod tokens;
