//! A PostgreSQL of the tests' own: in a temporary folder, on a free port, thrown away in the end.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::report::Report;
use crate::run::exists;

const STEP: &str = "what needs a PostgreSQL of the tests' own";
/// Where Debian keeps the programs that are not on the PATH.
const DEBIAN: &str = "/usr/lib/postgresql";
/// Who may log in with a password only; everybody else needs none.
const LOCKED: &str = "host all locked 127.0.0.1/32 scram-sha-256\n";
/// Nothing has to outlive the machine's next fall.
const OPTIONS: &str =
    "-c fsync=off -c full_page_writes=off -c max_connections=300 -c listen_addresses=127.0.0.1";

/// A server that runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    user: Option<&'static str>,
}

impl Server {
    /// Starts one; says why that is not possible.
    pub(crate) fn start() -> Result<Self, String> {
        let programs = programs().ok_or("initdb and pg_ctl are not installed")?;
        let server = Self {
            programs,
            folder: std::env::temp_dir().join(format!("doorward-postgres-{}", std::process::id())),
            port: free_port()?,
            user: is_root().then(other_user).transpose()?,
        };
        server.make_folder()?;
        server.initialise()?;
        let options = format!("-p {} -k '{}' {OPTIONS}", server.port, server.folder.display());
        let log = server.folder.join("log");
        let mut start = server.program("pg_ctl");
        start.arg("-w").arg("-l").arg(log).arg("-o").arg(options);
        quietly(start.arg("start"))?;
        Ok(server)
    }

    /// What `POSTGRES_FOR_TESTS` is set to: an address without a database, whose user may make some.
    pub(crate) fn url(&self) -> String {
        format!("postgres://doorward@127.0.0.1:{}", self.port)
    }

    fn make_folder(&self) -> Result<(), String> {
        fs::create_dir(&self.folder).map_err(|error| format!("{}: {error}", self.folder.display()))?;
        match self.user {
            Some(user) => quietly(Command::new("chown").arg(user).arg(&self.folder)),
            None => Ok(()),
        }
    }

    fn initialise(&self) -> Result<(), String> {
        let mut make = self.program("initdb");
        let words = [
            "--username=doorward",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ];
        quietly(make.args(words))?;
        let rules = self.data().join("pg_hba.conf");
        let text = fs::read_to_string(&rules).map_err(|error| error.to_string())?;
        fs::write(&rules, format!("{LOCKED}{text}")).map_err(|error| error.to_string())
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// One of the server's programs, as somebody whom it does not refuse: it never runs as root.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = match self.user {
            Some(user) => {
                let mut command = Command::new("setpriv");
                command
                    .args(["--reuid", user, "--clear-groups", "--"])
                    .arg(program);
                command
            }
            None => Command::new(program),
        };
        command.arg("-D").arg(self.data()).current_dir(&self.folder);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        let stopped = quietly(stop.args(["-m", "immediate", "-w", "stop"]));
        if let Err(error) = stopped {
            println!("{error}");
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Tells the table which server the tests had, or that those who need one ended at once.
pub(crate) fn tell(report: &mut Report, server: &Result<Server, String>) {
    match server {
        Ok(server) => report.ran(STEP, Ok(version(&server.programs))),
        Err(reason) => report.skipped(STEP, reason),
    }
}

fn version(programs: &Path) -> String {
    let output = Command::new(programs.join("postgres")).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_default()
}

/// The folder of the programs: one on the PATH, else the newest of Debian's.
fn programs() -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a task looks for a program as a shell does"
    )]
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).find(|folder| has_all(folder));
    on_path.or_else(|| {
        let versions = fs::read_dir(DEBIAN).ok()?.flatten();
        let number = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
        let newest = versions.map(|entry| entry.path()).max_by_key(number)?;
        Some(newest.join("bin")).filter(|folder| has_all(folder))
    })
}

fn has_all(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"]
        .iter()
        .all(|program| folder.join(program).exists())
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Who runs the server where we are root.
fn other_user() -> Result<&'static str, String> {
    if !exists("setpriv") {
        return Err("it does not run as root, and setpriv is not installed".to_owned());
    }
    let is_there = |user: &&str| quietly(Command::new("id").arg(user)).is_ok();
    let user = ["postgres", "nobody"].into_iter().find(is_there);
    user.ok_or_else(|| "it does not run as root, and there is nobody else".to_owned())
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| error.to_string())?;
    Ok(listener.local_addr().map_err(|error| error.to_string())?.port())
}

/// Runs a program without its output; the end of that in the error.
fn quietly(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    // Not a pipe: the server keeps it open, and we would wait for its end.
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
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_server_runs_until_it_is_dropped_and_leaves_nothing() {
        if programs().is_none() {
            return;
        }
        let server = Server::start().unwrap();
        let (folder, port) = (server.folder.clone(), server.port);
        assert!(server.url().ends_with(&port.to_string()));
        assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
        drop(server);
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
        assert!(!folder.exists());
    }
}
