//! [`Node`]: this process among those that serve from one database, as `doorward status` shows them.
//!
//! It writes a row of `doorward_node` every `server.heartbeat`: one small statement. Nothing rests on it; where it cannot be
//! written, requests go on.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use doorward_core::Door;
use doorward_core::app::{Chore, ChoreError};
use doorward_core::cache::{CacheStatus, KindStatus};
use doorward_django::hex;
use doorward_sqlx::Database;
use doorward_sqlx::database;
use doorward_sqlx::nodes::{Beat, Nodes};
use serde_json::{Value, json};
use tokio::time::timeout;

/// How many beats there are between two looks for nodes that ended without a word.
const LOOKS: u64 = 360;

/// How long the end of a process waits for its row to go.
const FAREWELL: Duration = Duration::from_secs(1);

/// The longest name, in characters.
const LONGEST_NAME: usize = 255;

/// This process, as it tells of itself.
#[derive(Debug)]
pub(crate) struct Node {
    id: String,
    name: String,
    beats: AtomicU64,
}

impl Node {
    pub(crate) fn new(door: &Door) -> Arc<Self> {
        Arc::new(Self {
            id: hex::encode(&door.random::<16>()),
            name: name(),
            beats: AtomicU64::new(0),
        })
    }

    /// Tells of itself again and again.
    pub(crate) fn chore(self: &Arc<Self>, door: &Door) -> Chore {
        let (node, every) = (Arc::clone(self), door.settings().server.heartbeat.duration());
        Chore::new("node", every, move |door| {
            let node = Arc::clone(&node);
            async move { node.beat(&door).await }
        })
    }

    /// Once. What fails is told by the requests that need the database, and not here too.
    async fn beat(&self, door: &Door) -> Result<(), ChoreError> {
        if let Ok(database) = door.database()
            && let Err(error) = self.tell(door, database).await
        {
            tracing::debug!(error.cause = %error, "this node could not tell of itself");
        }
        Ok(())
    }

    async fn tell(&self, door: &Door, database: &Database) -> database::Result<()> {
        let nodes = Nodes::new(database);
        let beats = self.beats.load(Ordering::Relaxed);
        if beats == 0 && !nodes.are_told().await? {
            return Ok(());
        }
        let state = state(door, database).to_string();
        let (id, name, version) = (&*self.id, &*self.name, env!("CARGO_PKG_VERSION"));
        let beat = Beat {
            id,
            name,
            version,
            state: &state,
        };
        nodes.tell(beat).await?;
        if beats.is_multiple_of(LOOKS) {
            nodes.forget().await?;
        }
        self.beats.store(beats.saturating_add(1), Ordering::Relaxed);
        Ok(())
    }

    /// Takes its row away, if that is soon done.
    pub(crate) async fn leave(&self, door: &Door) {
        if self.beats.load(Ordering::Relaxed) == 0 {
            return;
        }
        if let Ok(database) = door.database() {
            let _ = timeout(FAREWELL, Nodes::new(database).leave(&self.id)).await;
        }
    }
}

/// The machine's name and the number of the process there.
fn name() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = format!("{}:{}", host.trim(), process::id());
    name.chars().take(LONGEST_NAME).collect()
}

/// What there is to tell.
fn state(door: &Door, database: &Database) -> Value {
    let cache = door.principals().status();
    let pools = database.pools().map(
        |pool| json!({ "name": pool.name, "size": pool.size, "in_use": pool.in_use, "idle": pool.idle }),
    );
    let statements = database.statements();
    json!({
        "bind": door.settings().server.bind,
        "cache": cache.as_ref().map(of_cache),
        "feed": cache.as_ref().map(of_feed),
        "pools": pools,
        "statements": { "asked": statements.asked, "polls": statements.polls },
    })
}

fn of_cache(cache: &CacheStatus) -> Value {
    let sum = |count: fn(&KindStatus) -> u64| cache.kinds.iter().map(count).fold(0, u64::saturating_add);
    let entries: usize = cache.kinds.iter().map(|kind| kind.entries).sum();
    json!({
        "hits": sum(|kind| kind.hits),
        "misses": sum(|kind| kind.misses),
        "fills": sum(|kind| kind.fills),
        "entries": entries,
        "bytes": cache.bytes,
        "max_bytes": cache.max_bytes,
        "waiting": cache.waiting,
        "refused": cache.refused,
    })
}

fn of_feed(cache: &CacheStatus) -> Value {
    json!({
        "state": cache.feed.name(),
        "confirmed_age_s": cache.confirmed_age.map(|age| age.as_secs_f64()),
        "flaps": cache.flaps,
    })
}
