//! A MariaDB of a test's own, with options that would be in the way of others.

use std::process::{Command, Stdio};

use doorward_db::Database;

use crate::process::MariaDbProcess;

/// A server, and who administers it.
pub(crate) struct OwnServer {
    process: MariaDbProcess,
    /// Without a database; its user may do anything.
    pub(crate) url: String,
}

impl OwnServer {
    /// With these options besides; none where MariaDB is not installed.
    pub(crate) fn start(options: &[&str]) -> Option<Self> {
        let process = MariaDbProcess::start_with(options)?;
        let url = process.url();
        Some(Self { process, url })
    }

    pub(crate) async fn admin(&self, sql: &'static str) {
        let admin = Database::open(&format!("{}/mysql", self.url)).await.unwrap();
        admin.execute(sql, []).await.unwrap();
        admin.close().await;
    }

    /// The server's own client, in that database.
    pub(crate) fn client(&self, database: &str) -> Command {
        let mut client = Command::new("mariadb");
        client.args(["--no-defaults", "--user=root"]);
        client
            .arg(format!("--socket={}", self.process.socket().display()))
            .arg(database);
        client
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        client
    }
}
