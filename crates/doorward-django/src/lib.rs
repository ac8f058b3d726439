//! Django's formats as pure functions: bytes in, bytes out.
//!
//! This is Doorward's lowest crate. Nothing here reads a clock, draws a random number, opens a file or
//! knows of HTTP: the time comes in as a [`timestamp::Timestamp`], chance as bytes, and every function has
//! an answer for any input. What a function writes, Django reads, and the other way round; the golden
//! vectors of `interop/vectors/`, made by running Django, hold it to that.
//!
//! Each room carries the name of the Django, DRF or SimpleJWT module it stands for.

pub mod authorization;
pub mod baseconv;
pub mod bounds;
mod calendar;
pub mod client_ident;
pub mod crypto;
pub mod csrf;
pub mod dateparse;
pub mod decimal;
pub mod emails;
#[cfg(test)]
mod golden;
pub mod hex;
pub mod integer;
pub mod json;
pub mod jwt;
pub mod passwords;
pub mod pickle;
pub mod python_numbers;
pub mod python_text;
pub mod rate;
pub mod reset_token;
pub mod secret;
pub mod sessions;
pub mod signing;
pub mod sliding_window;
pub mod strftime;
pub mod strptime;
pub mod throttle_key;
pub mod time_zone;
pub mod timestamp;
pub mod token_key;
pub mod urls;
pub mod usernames;
