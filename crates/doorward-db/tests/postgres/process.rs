//! A PostgreSQL of the test's own, to be stopped, killed and promoted; and a PgBouncer before it.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// Nothing has to outlive the machine's next fall.
const OPTIONS: &str = "-c fsync=off -c full_page_writes=off -c max_connections=300 -c max_wal_senders=4 \
                       -c listen_addresses='127.0.0.1,::1'";

/// A server in processes of its own; it is stopped when this goes.
pub(crate) struct PostgresProcess {
    programs: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
}

impl PostgresProcess {
    /// A server at a free port, whose user is `doorward`; none, and a line, where nothing is installed.
    pub(crate) fn start() -> Option<Self> {
        let server = Self::made()?;
        server.pg_ctl(
            "initdb",
            &[
                "--username=doorward",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ],
        );
        server.run("");
        Some(server)
    }

    fn made() -> Option<Self> {
        let Some(programs) = programs() else {
            skipped("initdb and pg_ctl");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        give(folder.path());
        Some(Self {
            programs,
            folder,
            port: free_port(),
        })
    }

    /// A standby of this server, which follows it.
    pub(crate) fn standby(&self) -> Self {
        let standby = Self::made().expect("it was installed before");
        let port = self.port.to_string();
        standby.pg_ctl(
            "pg_basebackup",
            &[
                "-R",
                "-U",
                "doorward",
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "--checkpoint=fast",
                "--no-sync",
            ],
        );
        standby.run("");
        standby
    }

    /// Without a database.
    pub(crate) fn url(&self) -> String {
        format!("postgres://doorward@{}", self.address())
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Where its socket is, and what the test puts there.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file that the server may read, and nobody else.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("a file");
        Command::new("chmod")
            .arg("600")
            .arg(&path)
            .status()
            .expect("chmod runs");
        give(&path);
        path
    }

    /// Makes a folder that is the server's.
    pub(crate) fn give_folder(&self, name: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir(&path).expect("a folder");
        give(&path);
    }

    /// Puts rules before all others in `pg_hba.conf`, for the next start.
    pub(crate) fn rule(&self, lines: &str) {
        let path = self.folder.path().join("data/pg_hba.conf");
        let rules = fs::read_to_string(&path).expect("there are rules");
        fs::write(&path, format!("{lines}\n{rules}")).expect("they are written");
    }

    /// `immediate` is as good as a kill; the rows that were committed are there when it starts again.
    pub(crate) fn stop(&self, mode: &str) {
        self.pg_ctl("pg_ctl", &["-m", mode, "-w", "stop"]);
    }

    /// Starts it again, with settings besides.
    pub(crate) fn run(&self, more: &str) {
        let (port, folder) = (self.port, self.folder.path().display());
        let options = format!("-p {port} -k '{folder}' {OPTIONS} {more}");
        let log = self.folder.path().join("log");
        let log = log.to_str().expect("a text");
        self.pg_ctl("pg_ctl", &["-w", "-l", log, "-o", &options, "start"]);
    }

    /// A standby becomes the one that takes writes.
    pub(crate) fn promote(&self) {
        self.pg_ctl("pg_ctl", &["-w", "promote"]);
    }

    fn pg_ctl(&self, name: &str, words: &[&str]) {
        let data = self.folder.path().join("data");
        let mut command = as_nobody(&self.programs.join(name));
        command
            .arg("-D")
            .arg(data)
            .args(words)
            .current_dir(self.folder.path());
        // Not a pipe: the server keeps it open, and we would wait for its end.
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let status = command.status().expect("it starts");
        let log = || fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        assert!(status.success(), "{name} {words:?}: {}", log());
    }
}

impl Drop for PostgresProcess {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        let mut stop = as_nobody(&self.programs.join("pg_ctl"));
        stop.arg("-D").arg(data).args(["-m", "immediate", "-w", "stop"]);
        let _ = stop
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

/// A PgBouncer in transaction mode, before that server; it is killed when this goes.
pub(crate) struct PgBouncer {
    child: Child,
    port: u16,
}

impl PgBouncer {
    /// One with so many connections to the server for each database; none, and a line, where it is not installed.
    pub(crate) fn start(server: &PostgresProcess, connections: u8, more: &str) -> Option<Self> {
        let places = [
            "/usr/sbin/pgbouncer",
            "/usr/bin/pgbouncer",
            "/usr/local/bin/pgbouncer",
        ];
        let Some(program) = places.iter().map(Path::new).find(|path| path.exists()) else {
            skipped("pgbouncer");
            return None;
        };
        let port = free_port();
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={} user=doorward\n[pgbouncer]\nlisten_addr=127.0.0.1\n\
             listen_port={port}\nunix_socket_dir=\nauth_type=any\npool_mode=transaction\nmax_client_conn=500\n\
             default_pool_size={connections}\n{more}\n",
            server.port()
        );
        let file = server.file(&format!("pgbouncer-{port}.ini"), &settings);
        let mut command = as_nobody(program);
        command
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = command.spawn().expect("it starts");
        let bouncer = Self { child, port };
        bouncer.wait();
        Some(bouncer)
    }

    /// Without a database.
    pub(crate) fn url(&self) -> String {
        format!("postgres://doorward@127.0.0.1:{}", self.port)
    }

    fn wait(&self) {
        for _ in 0..500 {
            if std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("PgBouncer does not listen");
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder of the programs: one on the PATH, else the newest of Debian's.
fn programs() -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test looks for a program as a shell does"
    )]
    let path = std::env::var_os("PATH").unwrap_or_default();
    let has_all = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "pg_basebackup"]
            .iter()
            .all(|name| folder.join(name).exists())
    };
    let on_path = std::env::split_paths(&path).find(has_all);
    on_path.or_else(|| {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
        let number = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
        let newest = versions.map(|entry| entry.path()).max_by_key(number)?;
        Some(newest.join("bin")).filter(has_all)
    })
}

/// A program as somebody whom it does not refuse: it never runs as root.
fn as_nobody(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid", other_user(), "--clear-groups", "--"])
        .arg(program);
    command
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn other_user() -> &'static str {
    let is_there = |user: &&str| {
        Command::new("id")
            .arg(user)
            .output()
            .is_ok_and(|output| output.status.success())
    };
    ["postgres", "nobody"]
        .into_iter()
        .find(is_there)
        .expect("somebody who is not root")
}

fn give(path: &Path) {
    if is_root() {
        let given = Command::new("chown").arg(other_user()).arg(path).status();
        assert!(given.expect("chown runs").success());
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("it is bound").port()
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn skipped(what: &str) {
    eprintln!("skipped: {what} is not installed");
}
