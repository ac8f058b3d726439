//! Routers made of routers: layers, prefixes, policies of groups, fallbacks; and that none of them is a way round the guard.

#[path = "../support/mod.rs"]
mod support;

mod fallbacks;
mod groups;
mod layers;
mod no_way_round;

async fn ok() -> &'static str {
    "ok"
}
