//! Example: tutorial.
fn main() {}
