//! A primary, a replica, and a Sentinel that watches over them.

use std::fmt::Write;
use std::time::Duration;

use crate::process::{RedisProcess, free_port};
use crate::tls_files::TlsFiles;

/// The name that the Sentinel knows the service by.
pub(crate) const SERVICE: &str = "mymaster";

/// A service with one replica, which becomes the primary a second after that is gone.
pub(crate) struct Watched {
    pub(crate) primary: RedisProcess,
    pub(crate) replica: RedisProcess,
    /// The Sentinel's address.
    pub(crate) sentinel: String,
    watcher: RedisProcess,
}

/// A server, and the port where its clients call: another one with TLS.
struct Called {
    server: RedisProcess,
    port: u16,
}

impl Watched {
    pub(crate) async fn start() -> Option<Self> {
        Self::start_with(None).await
    }

    /// With TLS among all of them where there are files for it.
    pub(crate) async fn start_with(tls: Option<&TlsFiles>) -> Option<Self> {
        let primary = called(tls, &[])?;
        let of = ["--replicaof", "127.0.0.1", &primary.port.to_string()].map(str::to_owned);
        let replica = called(tls, &of)?;
        let (port, called_at) = (free_port(), free_port());
        let mut configuration = format!(
            "sentinel monitor {SERVICE} 127.0.0.1 {} 1\nsentinel down-after-milliseconds {SERVICE} 500\n\
             sentinel failover-timeout {SERVICE} 2000\n",
            primary.port
        );
        for option in tls.into_iter().flat_map(|files| options(files, called_at)) {
            write!(configuration, "{option}").unwrap();
        }
        let sentinel = match tls {
            Some(_) => format!("rediss://127.0.0.1:{called_at}"),
            None => format!("redis://127.0.0.1:{port}"),
        };
        let watched = Self {
            watcher: RedisProcess::start_sentinel(port, &configuration)?,
            primary: primary.server,
            replica: replica.server,
            sentinel,
        };
        watched.until_known().await;
        Some(watched)
    }

    /// What the Sentinel answers to a command in one line.
    pub(crate) fn command(&self, line: &str) -> Option<String> {
        self.watcher.command(line)
    }

    /// Waits until the replica follows its primary, and the Sentinel has found it.
    async fn until_known(&self) {
        for _ in 0..1_500 {
            let told = self.replica.command("INFO replication").unwrap_or_default();
            let known = self.command("INFO sentinel").unwrap_or_default();
            if told.contains("master_link_status:up") && known.contains("slaves=1") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the Sentinel does not find the replica");
    }

    /// Waits until the replica has become the primary.
    pub(crate) async fn until_promoted(&self) {
        for _ in 0..1_500 {
            let told = self.replica.command("INFO replication").unwrap_or_default();
            if told.contains("role:master") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the replica is not promoted");
    }
}

fn called(tls: Option<&TlsFiles>, more: &[String]) -> Option<Called> {
    let (own, tls_port) = (free_port(), free_port());
    let options = tls.map(|files| [files.options(tls_port), replicating()].concat());
    let server = RedisProcess::start_with(own, &[options.unwrap_or_default().as_slice(), more].concat())?;
    let port = if tls.is_some() { tls_port } else { own };
    Some(Called { server, port })
}

fn replicating() -> Vec<String> {
    ["--tls-replication", "yes"].map(str::to_owned).to_vec()
}

/// The options as lines of a file.
fn options(files: &TlsFiles, port: u16) -> Vec<String> {
    let options = [files.options(port), replicating()].concat();
    let lines = options.chunks(2);
    lines
        .map(|line| format!("{} {}\n", line[0].trim_start_matches('-'), line[1]))
        .collect()
}
