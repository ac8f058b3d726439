//! The program: `cargo run`. The README says how to call it.

use doorward::first_run;

#[tokio::main]
async fn main() -> doorward::Result {
    doorward::logging::init();
    let door = notes::site().open("doorward.toml").await?;
    // The tables that are missing; and where there are no users, `admin` with the password in doorward.password.
    first_run::prepare(&door, &door.migrator()).await?;
    door.serve(notes::routes(&door)).await
}
