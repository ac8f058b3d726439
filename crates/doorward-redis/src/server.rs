//! [`Server`]: where a server is, and how to reach it.

use std::time::Duration;

use doorward_django::secret::Secret;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client};

use crate::failure::Failure;

/// How long connecting may take; no request waits for it.
const CONNECTING: Duration = Duration::from_secs(1);

/// A server's address, and what it wants to be told before it answers.
#[derive(Debug)]
pub(crate) struct Server(Client);

/// An address is none of a Redis server; it is not repeated, for it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no address of a Redis server ({0}); allowed: `redis://[user:password@]host[:port][/number]`, or `rediss://…`"
)]
pub struct UrlError(String);

impl Server {
    pub(crate) fn new(url: &Secret<String>) -> Result<Self, UrlError> {
        let client = Client::open(url.expose().as_str());
        // The error's detail may be a part of the address.
        client
            .map(Self)
            .map_err(|error| UrlError(error.category().to_owned()))
    }

    /// The host and the port.
    pub(crate) fn address(&self) -> String {
        self.0.get_connection_info().addr().to_string()
    }

    pub(crate) async fn connect(&self) -> Result<MultiplexedConnection, Failure> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECTING))
            .set_response_timeout(None);
        let connection = self.0.get_multiplexed_async_connection_with_config(&config);
        Ok(connection.await?)
    }
}
