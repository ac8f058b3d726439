//! Hostile input to the program `doorward`, byte by byte over a socket; the numbers are those of
//! `docs/development/hardening.md`.

#[cfg(test)]
mod bodies;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod cookies;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod csrf;
#[cfg(test)]
mod disk;
#[cfg(test)]
mod framing;
#[cfg(test)]
mod greatest;
#[cfg(test)]
mod hashes;
#[cfg(test)]
mod hosts;
#[cfg(test)]
mod json_test_suite;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod lockout;
#[cfg(test)]
mod locks;
#[cfg(test)]
mod names;
#[cfg(test)]
mod naughty_strings;
#[cfg(test)]
mod site;
#[cfg(test)]
mod small_disk;
#[cfg(test)]
#[path = "../program/support.rs"]
#[expect(dead_code, reason = "the tests of the program use the rest")]
mod support;
#[cfg(test)]
mod tokens;
