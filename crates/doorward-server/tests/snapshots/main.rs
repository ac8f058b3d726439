//! What the program tells and makes, compared byte for byte with the texts in this folder: routes with their policies,
//! OPTIONS, settings, every refusal, every command, the tables.
//!
//! `DOORWARD_BLESS=1` writes the texts anew.

#![cfg(target_os = "linux")]

#[cfg(test)]
mod databases;
#[cfg(test)]
mod library;
#[cfg(test)]
mod mask;
#[cfg(test)]
mod options;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod snapshot;
#[cfg(test)]
#[path = "../program/support.rs"]
#[expect(dead_code, reason = "the tests of the program use the rest")]
mod support;
