//! From settings to a door: settings are judged once, each section by the module that owns it, and what the modules
//! made of them becomes a [`Door`](crate::Door).
//!
//! This is the topmost module: it may name every other one, and none names it.

mod builder;
mod cookies;
mod elsewhere;
mod named;
mod names;
mod own;
mod resolved;
mod rules;
mod silenced;
mod stateless;

pub use builder::DoorBuilder;
pub use own::own_apps;
pub use resolved::ResolvedSettings;
