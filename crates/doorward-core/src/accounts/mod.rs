//! Logging in and out (`django.contrib.auth`).
//!
//! A login is: verify the password; upgrade its hash; create the session; set `last_login`. [`authenticate`] does the
//! first two, for every scheme that knows passwords; a login the others, for sessions only.

mod authenticate;

pub use authenticate::authenticate;
