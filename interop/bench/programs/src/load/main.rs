//! A generator of load: it asks what it is told over so many connections, for so many seconds, and tells what was answered and
//! how long that took.
//!
//! `bench-load < PLAN`: a [`Plan`](plan::Plan) in JSON; it prints a [`Told`](tally::Told) in JSON.

#![expect(clippy::print_stdout, reason = "what was measured is printed")]
#![expect(clippy::disallowed_methods, reason = "it measures the time")]

mod chain;
mod connection;
mod plan;
mod tally;
mod worker;

use std::error::Error;
use std::io::{self, Read};

fn main() -> Result<(), Box<dyn Error>> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let told = worker::run(&serde_json::from_str(&text)?)?;
    println!("{}", serde_json::to_string(&told)?);
    Ok(())
}
