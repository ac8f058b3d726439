//! `doorward_core::cache`: what requests cost the database, and how soon they see what was changed.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod counted;
mod fresh;
mod herd;
mod live;
mod nodes;
mod site;
mod statements;
mod unnamed;
