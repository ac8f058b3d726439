//! An app of one's own, whole: settings, tables, a store, endpoints, a scheme, a permission, a subscriber, a chore, a check
//! and a command. `cargo run -p shop-app`, in an empty folder; `cargo run -p shop-app -- --help` lists the commands.
//!
//! ```text
//! # The tables, among Django's
//! shop migrate
//!
//! # Products from a file of lines `name,price,stock`
//! shop import products.csv
//!
//! # Everyone may look
//! curl http://127.0.0.1:8000/api/products/
//!
//! # A till may sell: its key stands in doorward.toml, as `[shop] till_key`
//! curl -X POST http://127.0.0.1:8000/api/products/1/sell/ -H 'X-Till-Key: <TILL_KEY>'
//! ```
//!
//! - `settings`: the section `[shop]`
//! - `app`: what it makes of it, and what it adds
//! - `tables`: migrations and models; `store`: queries, and a transaction
//! - `endpoints`, `authentication`, `permissions`: the requests
//! - `chores`: what is done beside them; `import`: the command

mod app;
mod authentication;
mod chores;
mod endpoints;
mod import;
mod permissions;
mod settings;
mod store;
mod tables;

use std::process::ExitCode;

fn main() -> ExitCode {
    doorward_server::manage(|project| project.app::<app::Shop>())
}

#[cfg(test)]
mod tests;
