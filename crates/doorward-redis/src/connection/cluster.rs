//! [`Cluster`]: connections to all nodes that share the keys (Redis Cluster).
//!
//! It is there where all of its primaries are: a key may lie on any of them. Nodes that name another one for a key are
//! believed; that keys have moved is noted, so that a connection that knows it takes this one's place.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{Cmd, ErrorKind, RedisError, RedisResult, Value};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::redirect::Redirect;
use super::slot_map::SlotMap;
use crate::failure::Failure;
use crate::node::{Access, Place, ask_in_time};

/// How many other nodes one question may be sent to.
const REDIRECTS: usize = 4;
/// How long to wait for keys that are on their way.
const MOMENT: Duration = Duration::from_millis(2);

/// Connections to the primaries of a cluster.
pub(crate) struct Cluster {
    access: Access,
    slots: SlotMap,
    tags: Vec<String>,
    /// In the order of the map's.
    primaries: Vec<Node>,
    /// Nodes that had no slots yet, which others named.
    newcomers: Mutex<Vec<Node>>,
    is_outdated: AtomicBool,
}

#[derive(Clone)]
struct Node {
    place: Place,
    connection: MultiplexedConnection,
}

/// Whether a node is told that the question comes to it although the key is not its own yet.
#[derive(Clone, Copy)]
enum Asking {
    Yes,
    No,
}

impl Cluster {
    /// Asks those places one after the other who has which keys, and connects to all that do.
    pub(crate) async fn connect(access: &Access, seeds: &[Place]) -> Result<Self, Failure> {
        let slots = ask_for_slots(access, seeds).await?;
        let primaries = connect_to_all(access, &slots.primaries).await?;
        Ok(Self {
            access: access.clone(),
            tags: slots.tags().ok_or(Failure::Nonsense)?,
            slots,
            primaries,
            newcomers: Mutex::default(),
            is_outdated: AtomicBool::new(false),
        })
    }

    /// What the node that has the key answers. Whoever asks says for how long: keys that are on their way are waited for.
    pub(crate) async fn ask(&self, key: &str, command: &Cmd) -> RedisResult<Value> {
        let owner = self.slots.of(key).and_then(|index| self.primaries.get(index));
        let (mut node, mut asking) = (owner.ok_or_else(nobody)?.clone(), Asking::No);
        let mut redirects = 0;
        loop {
            let answer = node.ask(command, asking).await;
            let Err(error) = &answer else { return answer };
            let redirect = match Redirect::read(error, &node.place) {
                Some(redirect) if redirects < REDIRECTS => redirect,
                _ => return answer,
            };
            (node, asking) = match redirect {
                Redirect::Later => {
                    sleep(MOMENT).await;
                    continue;
                }
                Redirect::Ask(place) => (self.node(place).await?, Asking::Yes),
                Redirect::Moved(place) => {
                    self.is_outdated.store(true, Ordering::Relaxed);
                    (self.node(place).await?, Asking::No)
                }
            };
            redirects += 1;
        }
    }

    pub(crate) fn tags(&self) -> &[String] {
        &self.tags
    }

    pub(crate) fn primaries(&self) -> Vec<MultiplexedConnection> {
        let connections = self.primaries.iter().map(|node| node.connection.clone());
        connections.collect()
    }

    /// Every node that is known of, to ask where the keys are when this connection is gone.
    pub(crate) fn places(&self) -> Vec<Place> {
        let SlotMap {
            primaries, replicas, ..
        } = &self.slots;
        primaries.iter().chain(replicas).cloned().collect()
    }

    pub(crate) fn is_outdated(&self) -> bool {
        self.is_outdated.load(Ordering::Relaxed)
    }

    /// The node at a place, which others named.
    async fn node(&self, place: Place) -> RedisResult<Node> {
        let known = self.primaries.iter().find(|node| node.place == place);
        if let Some(known) = known {
            return Ok(known.clone());
        }
        let mut newcomers = self.newcomers.lock().await;
        if let Some(known) = newcomers.iter().find(|node| node.place == place) {
            return Ok(known.clone());
        }
        let connection = self.access.connect(&place).await.map_err(as_redis_error)?;
        let node = Node { place, connection };
        newcomers.push(node.clone());
        Ok(node)
    }
}

impl Node {
    async fn ask(&self, command: &Cmd, asking: Asking) -> RedisResult<Value> {
        let mut connection = self.connection.clone();
        match asking {
            Asking::No => command.query_async(&mut connection).await,
            Asking::Yes => {
                let mut both = redis::pipe();
                both.cmd("ASKING").ignore().add_command(command.clone());
                let (answer,) = both.query_async(&mut connection).await?;
                Ok(answer)
            }
        }
    }
}

async fn ask_for_slots(access: &Access, seeds: &[Place]) -> Result<SlotMap, Failure> {
    let mut failure = Failure::Nonsense;
    for seed in seeds {
        match slots_told_by(access, seed).await {
            Ok(slots) => return Ok(slots),
            Err(told) => failure = told,
        }
    }
    Err(failure)
}

async fn slots_told_by(access: &Access, seed: &Place) -> Result<SlotMap, Failure> {
    let mut connection = access.connect(seed).await?;
    let mut command = redis::cmd("CLUSTER");
    let answer = ask_in_time(command.arg("SLOTS"), &mut connection).await?;
    SlotMap::read(&answer, seed).ok_or(Failure::Nonsense)
}

async fn connect_to_all(access: &Access, places: &[Place]) -> Result<Vec<Node>, Failure> {
    let mut connecting = JoinSet::new();
    for (index, place) in places.iter().cloned().enumerate() {
        let access = access.clone();
        connecting.spawn(async move {
            let connection = access.connect(&place).await?;
            Ok::<_, Failure>((index, Node { place, connection }))
        });
    }
    let nodes = connecting.join_all().await;
    let mut nodes: Vec<(usize, Node)> = nodes.into_iter().collect::<Result<_, _>>()?;
    nodes.sort_by_key(|(index, _)| *index);
    Ok(nodes.into_iter().map(|(_, node)| node).collect())
}

fn nobody() -> RedisError {
    (
        ErrorKind::ClusterConnectionNotFound,
        "nobody has the slot of this key",
    )
        .into()
}

fn as_redis_error(failure: Failure) -> RedisError {
    match failure {
        Failure::Connection(error) | Failure::Refused(error) => error,
        other => std::io::Error::other(other.to_string()).into(),
    }
}
