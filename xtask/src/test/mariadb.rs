//! A MariaDB for the tests: the one that listens on its usual port and lets `root` in without a password; else one of the
//! tests' own, in a temporary folder, on a free port, thrown away in the end.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::report::Report;
use crate::run::{exists, is_installed};

const STEP: &str = "what needs a MariaDB";
const USUAL_PORT: u16 = 3306;
/// How often it is asked whether it has started, a tenth of a second apart.
const PATIENCE: usize = 300;
/// Nothing has to outlive the machine's next fall.
const OPTIONS: [&str; 7] = [
    "--bind-address=127.0.0.1",
    "--max-connections=500",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=OFF",
    "--innodb-buffer-pool-size=128M",
    "--skip-log-bin",
    "--skip-name-resolve",
];

/// A server.
#[derive(Debug)]
pub(crate) struct Server {
    port: u16,
    own: Option<Own>,
}

/// One that runs until this is dropped.
#[derive(Debug)]
struct Own {
    folder: PathBuf,
    process: Child,
}

impl Server {
    /// Finds or starts one; says why that is not possible.
    pub(crate) fn start() -> Result<Self, String> {
        if answers(USUAL_PORT) {
            return Ok(Self {
                port: USUAL_PORT,
                own: None,
            });
        }
        Self::start_own()
    }

    fn start_own() -> Result<Self, String> {
        for program in ["mariadbd", "mariadb-install-db", "mariadb"] {
            if !is_installed(program) {
                return Err(format!("{program} is not installed"));
            }
        }
        let port = free_port()?;
        let folder = std::env::temp_dir().join(format!("doorward-mariadb-{}-{port}", std::process::id()));
        fs::create_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let process = Own::run(&folder, port).inspect_err(|_| drop(fs::remove_dir_all(&folder)))?;
        let server = Self {
            port,
            own: Some(Own { folder, process }),
        };
        match (0..PATIENCE).any(|_| answers(port) || wait()) {
            true => Ok(server),
            false => Err("mariadbd does not answer".to_owned()),
        }
    }

    /// What `MARIADB_FOR_TESTS` is set to: an address without a database, whose user may make some.
    pub(crate) fn url(&self) -> String {
        format!("mysql://root@127.0.0.1:{}", self.port)
    }
}

impl Own {
    fn run(folder: &std::path::Path, port: u16) -> Result<Child, String> {
        let data = format!("--datadir={}", folder.join("data").display());
        let socket = format!("--socket={}", folder.join("socket").display());
        let mut make = Command::new("mariadb-install-db");
        make.args([
            "--no-defaults",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ]);
        let mut server = Command::new(match exists("mariadbd") {
            true => "mariadbd",
            false => "/usr/sbin/mariadbd",
        });
        server.arg("--no-defaults");
        if is_root() {
            quietly(Command::new("chown").arg("mysql").arg(folder))?;
            make.arg("--user=mysql");
            server.arg("--user=mysql");
        }
        quietly(make.arg(&data))?;
        let server = server
            .args([data, socket, format!("--port={port}")])
            .args(OPTIONS);
        let log = fs::File::create(folder.join("log")).map_err(|error| error.to_string())?;
        let started = server
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        started.map_err(|error| format!("mariadbd did not start: {error}"))
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        if self.process.kill().and_then(|()| self.process.wait()).is_err() {
            println!("mariadbd could not be stopped");
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Tells the table which server the tests had, or that those who need one ended at once.
pub(crate) fn tell(report: &mut Report, server: &Result<Server, String>) {
    match server {
        Ok(server) => report.ran(STEP, Ok(version(server))),
        Err(reason) => report.skipped(STEP, reason),
    }
}

fn version(server: &Server) -> String {
    let output = client(server.port)
        .args(["-N", "-e", "SELECT VERSION()"])
        .output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let whose = if server.own.is_some() {
        "of the tests' own"
    } else {
        "found"
    };
    format!("{}, {whose}", text.unwrap_or_default())
}

/// Whether a server there lets `root` in.
fn answers(port: u16) -> bool {
    exists("mariadb") && quietly(client(port).args(["-e", "SELECT 1"])).is_ok()
}

fn client(port: u16) -> Command {
    let mut client = Command::new("mariadb");
    client.args([
        "--no-defaults",
        "--user=root",
        "--host=127.0.0.1",
        "--connect-timeout=2",
    ]);
    client.arg(format!("--port={port}"));
    client
}

/// Gives it time; never what was waited for.
fn wait() -> bool {
    sleep(Duration::from_millis(100));
    false
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| error.to_string())?;
    Ok(listener.local_addr().map_err(|error| error.to_string())?.port())
}

/// Runs a program without its output.
fn quietly(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{program}` ended with {status}")),
        Err(error) => Err(format!("`{program}` did not start: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_runs_until_it_is_dropped_and_leaves_nothing() {
        if !is_installed("mariadbd") {
            return;
        }
        let server = Server::start_own().unwrap();
        let port = server.port;
        let folder = server.own.as_ref().map(|own| own.folder.clone()).unwrap();
        assert!(server.url().ends_with(&port.to_string()));
        assert!(answers(port));
        drop(server);
        assert!(!answers(port));
        assert!(!folder.exists());
    }
}
