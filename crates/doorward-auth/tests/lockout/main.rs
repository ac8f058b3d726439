//! Failed logins are counted, exactly; too many lock; no stranger locks an owner out.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod axes;
mod check;
#[cfg(feature = "commands")]
mod command;
mod counting;
mod faults;
mod origins;
mod settings;
#[expect(dead_code, reason = "another program looks at the events")]
mod site;
mod time;
mod twins;
mod waiting;
