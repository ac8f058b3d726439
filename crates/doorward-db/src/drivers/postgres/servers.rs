//! [`Servers`]: who is connected to, of all that an address names.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Row};
use tokio::time::timeout;

use super::address::{Address, Wanted};

/// The servers of one address; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Servers {
    /// The ways to each.
    ways: Arc<[Vec<PgConnectOptions>]>,
    wanted: Wanted,
    patience: Duration,
    /// The one that was found last: it is asked first.
    last: Arc<AtomicUsize>,
}

impl Servers {
    pub(super) fn new(address: &Address, patience: Duration) -> Self {
        Self {
            ways: address.servers.clone().into(),
            wanted: address.wanted,
            patience: address.connect_timeout.unwrap_or(patience),
            last: Arc::default(),
        }
    }

    /// With other options on each way.
    pub(super) fn map(&self, change: impl Fn(PgConnectOptions) -> PgConnectOptions) -> Self {
        let each = self
            .ways
            .iter()
            .map(|ways| ways.iter().cloned().map(&change).collect());
        Self {
            ways: each.collect(),
            ..self.clone()
        }
    }

    /// Whether the address names settings itself.
    pub(super) fn has_options(&self) -> bool {
        let mut ways = self.ways.iter().flatten();
        ways.any(|options| options.get_options().is_some_and(|options| !options.is_empty()))
    }

    /// How long it may take until one of them has answered or none will.
    pub(super) fn patience(&self) -> Duration {
        let ways = self.ways.iter().map(Vec::len).sum::<usize>().max(1);
        self.patience
            .saturating_mul(u32::try_from(ways).unwrap_or(u32::MAX))
    }

    /// A connection to the first that answers and is wanted; the error of the first that did not.
    pub(super) async fn open(&self) -> sqlx::Result<PgConnection> {
        let first = self.last.load(Ordering::Relaxed);
        let mut refused = None;
        for index in (0..self.ways.len()).map(|index| (first + index) % self.ways.len()) {
            match self.open_at(index).await {
                Ok(connection) => {
                    self.last.store(index, Ordering::Relaxed);
                    return Ok(connection);
                }
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        Err(refused.unwrap_or_else(nobody))
    }

    async fn open_at(&self, index: usize) -> sqlx::Result<PgConnection> {
        let mut opened = Err(nobody());
        for options in self.ways.get(index).into_iter().flatten() {
            opened = self.open_by(options).await;
            match &opened {
                Err(error) if is_about_the_way(error) => {}
                _ => break,
            }
        }
        let mut connection = opened?;
        match self.wanted {
            Wanted::Any => Ok(connection),
            Wanted::Primary => takes_writes(&mut connection).await.map(|()| connection),
        }
    }

    async fn open_by(&self, options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
        let opened = timeout(self.patience, options.connect()).await;
        opened.unwrap_or_else(|late| Err(sqlx::Error::Io(late.into())))
    }
}

fn nobody() -> sqlx::Error {
    sqlx::Error::Configuration("the address names no server".into())
}

/// Whether another way to the same server may do: TLS did not come about, or its rules want the other.
fn is_about_the_way(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Tls(_) => true,
        // A handshake that failed.
        sqlx::Error::Io(error) => error.kind() == std::io::ErrorKind::InvalidData,
        sqlx::Error::Database(told) => told.code().as_deref() == Some("28000"),
        _ => false,
    }
}

/// A standby is as good as away.
async fn takes_writes(connection: &mut PgConnection) -> sqlx::Result<()> {
    let row = sqlx::raw_sql("SHOW transaction_read_only")
        .fetch_one(connection)
        .await?;
    match row.try_get::<String, _>(0)?.as_str() {
        "off" => Ok(()),
        _ => Err(sqlx::Error::Io(std::io::Error::other(
            "this server is a standby, and takes no writes",
        ))),
    }
}
