//! Example: quickstart.
fn main() {}
