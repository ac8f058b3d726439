//! The issuer: it knows the users, signs their tokens with a key of its directory, and publishes the public keys.
//!
//! ```sh
//! export DOORWARD_SECRET_KEY=$(doorward generate-key) DOORWARD_JWT__ALGORITHM=ES256 DOORWARD_JWT__KEY_DIRECTORY=keys
//! doorward keys add && doorward migrate && doorward createuser --username alice
//! cargo run -p microservice --bin issuer
//!
//! curl -d username=alice -d password=… http://127.0.0.1:8000/api/token/
//! doorward keys rotate    # ten minutes later another key signs; nobody is restarted
//! ```

use doorward::Doorward;

#[tokio::main]
async fn main() -> doorward::Result {
    let door = Doorward::open("issuer.toml").await?;
    door.serve(door.endpoints()).await
}
