//! A MariaDB of a test's own, with options that would be in the way of others.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use doorward_db::Database;
use tempfile::TempDir;
use tokio::time::sleep;

/// Nothing has to outlive the machine's next fall.
const OPTIONS: [&str; 4] = [
    "--bind-address=127.0.0.1",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-buffer-pool-size=16M",
    "--skip-name-resolve",
];

/// A server of a test's own, for what would be in the way of others; it is killed when this goes.
pub(crate) struct OwnServer {
    process: Child,
    pub(crate) folder: TempDir,
    /// Without a database; its user may do anything.
    pub(crate) url: String,
}

impl OwnServer {
    /// With these options besides; none where MariaDB is not installed.
    pub(crate) async fn start(options: &[&str]) -> Option<Self> {
        let program = [
            "/usr/sbin/mariadbd",
            "/usr/local/sbin/mariadbd",
            "/usr/bin/mariadbd",
        ];
        let program = program.iter().find(|place| Path::new(place).exists())?;
        let folder = tempfile::tempdir().unwrap();
        let data = format!("--datadir={}", folder.path().join("data").display());
        let user: &[&str] = if is_root() { &["--user=mysql"] } else { &[] };
        if is_root() {
            assert!(
                Command::new("chown")
                    .arg("mysql")
                    .arg(folder.path())
                    .status()
                    .unwrap()
                    .success()
            );
        }
        let made = quiet("mariadb-install-db")
            .args([
                "--no-defaults",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ])
            .args(user)
            .arg(&data)
            // Of several that are made at once no two share what they keep for a while.
            .env("TMPDIR", folder.path())
            .status();
        assert!(made.unwrap().success());
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let process = quiet(program)
            .arg("--no-defaults")
            .args(user)
            .args([
                data,
                format!("--socket={}", folder.path().join("socket").display()),
                format!("--port={port}"),
            ])
            .args(OPTIONS)
            .args(options)
            .env("TMPDIR", folder.path())
            .spawn()
            .unwrap();
        let url = format!("mysql://root@127.0.0.1:{port}");
        let server = Self { process, folder, url };
        server.wait().await;
        Some(server)
    }

    async fn wait(&self) {
        for _ in 0..300 {
            if Database::open(&format!("{}/mysql", self.url)).await.is_ok() {
                return;
            }
            sleep(Duration::from_millis(100)).await;
        }
        panic!("mariadbd does not answer");
    }

    pub(crate) async fn admin(&self, sql: &'static str) {
        let admin = Database::open(&format!("{}/mysql", self.url)).await.unwrap();
        admin.execute(sql, []).await.unwrap();
    }

    pub(crate) fn socket(&self) -> String {
        format!("--socket={}", self.folder.path().join("socket").display())
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn quiet(program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
