//! Failed logins are counted, exactly; too many lock; no stranger locks an owner out.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod counting;
mod origins;
mod settings;
mod site;
mod telling;
mod time;
mod waiting;
