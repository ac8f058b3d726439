//! Keys in files: read at the start, and again while the server runs.
//!
//! `jwt.signing_key_file`, `jwt.verifying_key_file`, those of `[[jwt.keys]]`, and `jwt.key_directory`. A file that
//! holds a secret must not be open to others; a link is as good as what it leads to.

mod watch;

use doorward_core::assembly::DoorBuilder;

use crate::Result;

pub use doorward_serve::key_file::Draft;
pub use watch::{KeyWatch, watch};

pub use crate::key_files::{directory_keys, read, secret_file};

/// The door with a client to fetch keys with, where this build has one and the settings need it.
pub(crate) fn with_client(builder: DoorBuilder) -> Result<DoorBuilder> {
    #[cfg(feature = "jwks-client")]
    if builder.asks_others() {
        let client = crate::http_client::HttpsClient::new().map_err(crate::Error::HttpClient)?;
        return Ok(builder.http_client(std::sync::Arc::new(client)));
    }
    Ok(builder)
}
