//! From settings to a door: what a door is given, and what each module makes of its settings.

mod builder;
mod stateless;

pub use builder::DoorBuilder;
