//! The nodes of a cluster.

use std::time::Duration;

use crate::process::{RedisProcess, free_port};
use crate::tls_files::TlsFiles;

/// How many nodes have slots at first.
const PRIMARIES: usize = 3;

/// Three nodes that share all slots, and one that has none.
pub(crate) struct Clustered {
    pub(crate) nodes: Vec<RedisProcess>,
    ports: Vec<u16>,
    is_tls: bool,
}

impl Clustered {
    pub(crate) async fn start() -> Option<Self> {
        Self::start_with(None).await
    }

    /// With TLS among the nodes, and to their clients, where there are files for it.
    pub(crate) async fn start_with(tls: Option<&TlsFiles>) -> Option<Self> {
        let started = (0..=PRIMARIES).map(|_| node(tls));
        let started: Vec<(RedisProcess, u16)> = started.collect::<Option<_>>()?;
        let (nodes, ports) = started.into_iter().unzip();
        let cluster = Self {
            nodes,
            ports,
            is_tls: tls.is_some(),
        };
        cluster.share_slots();
        cluster.until_agreed().await;
        Some(cluster)
    }

    /// The addresses of two nodes.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.is_tls { "rediss" } else { "redis" };
        let [first, second, ..] = self.ports[..] else {
            panic!("there are four")
        };
        format!("{scheme}://127.0.0.1:{first},127.0.0.1:{second}")
    }

    /// The node without slots.
    pub(crate) fn spare(&self) -> usize {
        PRIMARIES
    }

    /// What a node answers that is an OK.
    pub(crate) fn tell(&self, node: usize, line: &str) {
        let answer = self.nodes[node].command(line);
        assert_eq!(answer.as_deref(), Some("+OK\r\n"), "{node}: {line}");
    }

    /// What a node is called among the others.
    pub(crate) fn id(&self, node: usize) -> String {
        let answer = self.nodes[node].command("CLUSTER MYID").unwrap();
        answer.lines().nth(1).unwrap().to_owned()
    }

    /// The slot of a key, and which node has it at first.
    pub(crate) fn place_of(&self, key: &str) -> (usize, usize) {
        let answer = self.nodes[0].command(&format!("CLUSTER KEYSLOT {key}")).unwrap();
        let slot: usize = answer.trim().trim_start_matches(':').parse().unwrap();
        (slot, slot * PRIMARIES / 16_384)
    }

    /// Moves the keys of a slot; the nodes do not agree yet whose it is.
    pub(crate) fn begin_to_move(&self, slot: usize, from: usize, to: usize) {
        self.tell(to, &format!("CLUSTER SETSLOT {slot} IMPORTING {}", self.id(from)));
        self.tell(from, &format!("CLUSTER SETSLOT {slot} MIGRATING {}", self.id(to)));
        while self.move_one(slot, from, to) {}
    }

    /// Moves one key of a slot that is being moved; whether there was one.
    pub(crate) fn move_one(&self, slot: usize, from: usize, to: usize) -> bool {
        let keys = self.nodes[from]
            .command(&format!("CLUSTER GETKEYSINSLOT {slot} 1"))
            .unwrap();
        let Some(key) = keys.lines().find(|line| line.starts_with("test:")) else {
            return false;
        };
        self.tell(
            from,
            &format!("MIGRATE 127.0.0.1 {} {key} 0 5000", self.ports[to]),
        );
        true
    }

    /// Has all agree that a slot belongs to that node.
    pub(crate) fn end_to_move(&self, slot: usize, from: usize, to: usize) {
        for node in [to, from] {
            self.tell(node, &format!("CLUSTER SETSLOT {slot} NODE {}", self.id(to)));
        }
    }

    /// How often a node was asked to run a script since this was asked last, whether it did or named another node.
    pub(crate) fn scripts_asked_of(&self, node: usize) -> u32 {
        let stats = self.nodes[node].command("INFO commandstats").unwrap();
        self.tell(node, "CONFIG RESETSTAT");
        let line = stats
            .lines()
            .find_map(|line| line.strip_prefix("cmdstat_evalsha:"));
        let counts = line
            .unwrap_or_default()
            .split(',')
            .filter_map(|count| count.split_once('='));
        let asked = counts.filter(|(name, _)| ["calls", "rejected_calls"].contains(name));
        asked.map(|(_, count)| count.parse::<u32>().unwrap()).sum()
    }

    fn share_slots(&self) {
        for (node, epoch) in (0..self.nodes.len()).zip(1..) {
            self.tell(node, &format!("CLUSTER SET-CONFIG-EPOCH {epoch}"));
        }
        for node in 0..PRIMARIES {
            let slots = (0..16_384).filter(|slot| slot * PRIMARIES / 16_384 == node);
            let slots: Vec<String> = slots.map(|slot| slot.to_string()).collect();
            self.tell(node, &format!("CLUSTER ADDSLOTS {}", slots.join(" ")));
        }
        for port in &self.ports[1..] {
            self.tell(0, &format!("CLUSTER MEET 127.0.0.1 {port}"));
        }
    }

    /// Waits until every node says that all slots are served, and knows all the others.
    pub(crate) async fn until_agreed(&self) {
        let known = format!("cluster_known_nodes:{}", self.nodes.len());
        let agrees = |node: &RedisProcess| {
            let told = node.command("CLUSTER INFO").unwrap_or_default();
            told.contains("cluster_state:ok") && told.contains(&known) && told.contains("cluster_size:3")
        };
        for _ in 0..1_500 {
            if self.nodes.iter().all(agrees) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the nodes do not agree");
    }
}

fn node(tls: Option<&TlsFiles>) -> Option<(RedisProcess, u16)> {
    let usual = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1000"].map(str::to_owned);
    let port = port();
    let Some(files) = tls else {
        return Some((RedisProcess::start_with(port, &usual)?, port));
    };
    let encrypted = ["--tls-cluster", "yes", "--tls-replication", "yes"].map(str::to_owned);
    let options = [usual.as_slice(), &encrypted, &files.options(port)].concat();
    Some((RedisProcess::start_with(free_port(), &options)?, port))
}

/// A port of which the one that nodes call each other at is free too: 10000 further on.
fn port() -> u16 {
    let mut ports = std::iter::repeat_with(free_port).filter(|port| {
        let bus = port.checked_add(10_000);
        bus.is_some_and(|bus| std::net::TcpListener::bind(("127.0.0.1", bus)).is_ok())
    });
    ports.next().unwrap()
}
