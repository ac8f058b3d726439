//! The tutorials' API on Doorward: the URL map of the reference site, answer for answer.
//!
//! ```text
//! tutorial [--bind 127.0.0.1:8000]
//! curl -u alice:wonderland-42 http://127.0.0.1:8000/home/
//! ```
//!
//! It reads the same settings as `doorward`; the database needs the table `tutorial_product`.

mod probes;
mod products;
mod settings;
mod urls;
mod views;

use clap::Parser;
use doorward::prelude::*;

/// The tutorials' API.
#[derive(Debug, Parser)]
struct Arguments {
    /// The address to listen on, instead of `server.bind`.
    #[arg(long, value_name = "ADDRESS:PORT")]
    bind: Option<String>,
}

#[tokio::main]
async fn main() -> doorward::Result {
    let settings = settings::load(Arguments::parse().bind)?;
    let door = Doorward::from_settings(settings).await?;
    door.serve(urls::router(&door)).await
}
