//! [`Connection`]: to one server, or to all that share the keys of a cluster.

mod cluster;
mod redirect;
mod sentinels;
mod slot_map;
mod values;

use redis::aio::MultiplexedConnection;
use redis::{Cmd, RedisResult, Value};

pub(crate) use cluster::Cluster;
pub(crate) use sentinels::Sentinels;

/// What questions go through. Whoever has one may ask, at the same time as others.
pub(crate) enum Connection {
    /// To one server, be it the primary that Sentinels told of.
    One(MultiplexedConnection),
    /// To the primaries of a cluster.
    Cluster(Cluster),
}

impl Connection {
    /// What the server of that key answers to a command on it.
    pub(crate) async fn ask(&self, key: &str, command: &Cmd) -> RedisResult<Value> {
        match self {
            Self::One(connection) => command.query_async(&mut connection.clone()).await,
            Self::Cluster(cluster) => cluster.ask(key, command).await,
        }
    }

    /// Names in braces: a key with the first lies on the first primary, and so on. None is left out.
    pub(crate) fn tags(&self) -> Vec<String> {
        match self {
            Self::One(_) => vec!["0".to_owned()],
            Self::Cluster(cluster) => cluster.tags().to_vec(),
        }
    }

    /// A connection to each primary.
    pub(crate) fn primaries(&self) -> Vec<MultiplexedConnection> {
        match self {
            Self::One(connection) => vec![connection.clone()],
            Self::Cluster(cluster) => cluster.primaries(),
        }
    }

    /// Whether keys have moved since this was made: another one knows better.
    pub(crate) fn is_outdated(&self) -> bool {
        match self {
            Self::One(_) => false,
            Self::Cluster(cluster) => cluster.is_outdated(),
        }
    }
}
