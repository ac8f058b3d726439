//! [`Place`]: where a server is; [`Access`]: how those of one address are spoken to.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use doorward_core::settings::SettingsError;
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, ConnectionInfo, IntoConnectionInfo,
    RedisConnectionInfo, Value,
};
use tokio::time::timeout;

use crate::certificates::Certificates;
use crate::failure::Failure;

/// How long connecting may take, and each question that belongs to it; no request waits for it.
pub(crate) const CONNECTING: Duration = Duration::from_secs(1);

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) host: String,
    pub(crate) port: u16,
}

/// Who speaks to the servers of an address, and whether over TLS.
#[derive(Clone)]
pub(crate) struct Access {
    login: RedisConnectionInfo,
    transport: Transport,
}

#[derive(Clone)]
enum Transport {
    Plain,
    Tls(Option<Arc<Certificates>>),
}

impl Place {
    /// The place that an answer names, as `host:port`. One without a host is where the answer came from.
    pub(crate) fn told(text: &str, from: &Self) -> Option<Self> {
        let (host, port) = text.rsplit_once(':')?;
        Some(Self {
            host: host_told(host, from),
            port: port.parse().ok()?,
        })
    }

    /// The same, in two values of an answer.
    pub(crate) fn told_apart(host: Option<&str>, port: i64, from: &Self) -> Option<Self> {
        Some(Self {
            host: host_told(host.unwrap_or_default(), from),
            port: u16::try_from(port).ok()?,
        })
    }
}

fn host_told(host: &str, from: &Place) -> String {
    match host {
        "" => from.host.clone(),
        host => host.to_owned(),
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

impl Access {
    /// What an address says, which was judged by the settings; `key` is whose value it is.
    ///
    /// # Errors
    /// An address that is none; it is not repeated, for it may hold a password.
    pub(crate) fn of(
        url: &str,
        key: &str,
        certificates: Option<&Arc<Certificates>>,
    ) -> Result<(Self, Place), SettingsError> {
        // The error's detail may be a part of the address.
        let info = url
            .into_connection_info()
            .map_err(|error| wrong(key, error.category()))?;
        let (place, transport) = match info.addr() {
            ConnectionAddr::Tcp(host, port) => (place(host, *port), Transport::Plain),
            ConnectionAddr::TcpTls {
                host,
                port,
                insecure: false,
                ..
            } => (place(host, *port), Transport::Tls(certificates.cloned())),
            _ => return Err(wrong(key, "no TCP, or TLS that proves nothing")),
        };
        let login = info.redis_settings().clone();
        Ok((Self { login, transport }, place))
    }

    /// A connection to the server at that place.
    pub(crate) async fn connect(&self, place: &Place) -> Result<MultiplexedConnection, Failure> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECTING))
            .set_response_timeout(None);
        let client = self.client(place).await?;
        Ok(client
            .get_multiplexed_async_connection_with_config(&config)
            .await?)
    }

    async fn client(&self, place: &Place) -> Result<Client, Failure> {
        let (host, port) = (place.host.clone(), place.port);
        Ok(match &self.transport {
            Transport::Plain => Client::open(self.info(ConnectionAddr::Tcp(host, port))?)?,
            Transport::Tls(certificates) => {
                let info = self.info(ConnectionAddr::TcpTls {
                    host,
                    port,
                    insecure: false,
                    tls_params: None,
                })?;
                match certificates {
                    Some(certificates) => Client::build_with_tls(info, certificates.read().await?)?,
                    None => Client::open(info)?,
                }
            }
        })
    }

    fn info(&self, address: ConnectionAddr) -> Result<ConnectionInfo, Failure> {
        Ok(address
            .into_connection_info()?
            .set_redis_settings(self.login.clone()))
    }
}

fn wrong(key: &str, what: &str) -> SettingsError {
    let problem = format!(
        "this is no address of a Redis server ({what}); allowed: `redis://[user:password@]host[:port][/number]`, or \
         `rediss://…`"
    );
    SettingsError::new(key, problem)
}

fn place(host: &str, port: u16) -> Place {
    Place {
        host: host.to_owned(),
        port,
    }
}

/// A question that belongs to connecting.
pub(crate) async fn ask_in_time(
    command: &Cmd,
    connection: &mut MultiplexedConnection,
) -> Result<Value, Failure> {
    let answer = timeout(CONNECTING, command.query_async(connection)).await;
    Ok(answer.map_err(|_| Failure::Timeout)??)
}
