//! The program `doorward` under clients that dawdle, crowd and flood, and under load when it stops; the numbers are those
//! of `docs/development/hardening.md`. Longer versions are in `interop/load`.

#![expect(
    clippy::disallowed_methods,
    reason = "a test measures how long the server took"
)]

#[cfg(test)]
#[cfg(target_os = "linux")]
mod crowds;
#[cfg(test)]
mod dawdling;
#[cfg(test)]
mod early;
#[cfg(test)]
mod frames;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod http2;
#[cfg(test)]
mod resting;
#[cfg(test)]
#[cfg(unix)]
mod stopping;
#[cfg(test)]
#[path = "../program/support.rs"]
#[expect(dead_code, reason = "the tests of the program use the rest")]
mod support;
