//! A MariaDB of the test's own, to be killed and started again.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

/// What was committed has to outlive the process, and not the machine's next fall.
const OPTIONS: [&str; 8] = [
    "--bind-address=127.0.0.1",
    "--character-set-server=utf8mb4",
    "--max-connections=300",
    "--innodb-flush-log-at-trx-commit=2",
    "--innodb-doublewrite=OFF",
    "--innodb-buffer-pool-size=64M",
    "--skip-log-bin",
    "--skip-name-resolve",
];
/// How often it is asked whether it has started, a tenth of a second apart.
const PATIENCE: usize = 300;

/// A server in a process of its own; it is killed when this goes.
pub(crate) struct MariaDbProcess {
    folder: tempfile::TempDir,
    port: u16,
    child: Mutex<Option<Child>>,
    options: Vec<String>,
}

impl MariaDbProcess {
    /// A server at a free port, whose user is `root`, without a password; none, and a line, where nothing is installed.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// The same, with options besides.
    pub(crate) fn start_with(options: &[&str]) -> Option<Self> {
        if program("mariadbd").is_none() || program("mariadb-install-db").is_none() {
            skipped("mariadbd");
            return None;
        }
        let server = Self {
            folder: tempfile::tempdir().expect("a folder"),
            port: free_port(),
            child: Mutex::new(None),
            options: options.iter().map(|option| (*option).to_owned()).collect(),
        };
        server.make();
        server.run();
        Some(server)
    }

    /// Its tables, empty.
    fn make(&self) {
        let mut make = self.command("mariadb-install-db");
        let status = make
            .args(["--auth-root-authentication-method=normal", "--skip-test-db"])
            .status();
        assert!(status.expect("it starts").success(), "mariadb-install-db");
    }

    /// One of its programs, which finds its folder.
    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(program(name).expect("it is installed"));
        command
            .arg("--no-defaults")
            .arg(format!("--datadir={}", self.data().display()));
        if is_root() {
            let given = Command::new("chown")
                .arg("mysql")
                .arg(self.folder.path())
                .status();
            assert!(given.expect("chown runs").success(), "chown");
            command.arg("--user=mysql");
        }
        // Of several that are made at once no two share the files that they keep for a while.
        command.env("TMPDIR", self.folder.path());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Where each database has a folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Where its clients on this machine find it.
    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// Without a database.
    pub(crate) fn url(&self) -> String {
        format!("mysql://root@127.0.0.1:{}", self.port)
    }

    /// As good as a fall of the power: the rows that were committed are there when it starts again.
    pub(crate) fn kill(&self) {
        let child = self.child.lock().expect("nobody panicked").take();
        let mut child = child.expect("it runs");
        child.kill().expect("it is there");
        child.wait().expect("it ends");
    }

    /// Starts it, and waits until it listens.
    pub(crate) fn run(&self) {
        let mut server = self.command("mariadbd");
        let server = server.args(OPTIONS).args([
            format!("--socket={}", self.socket().display()),
            format!("--port={}", self.port),
        ]);
        let server = server.args(&self.options);
        let child = server.spawn().expect("it starts");
        *self.child.lock().expect("nobody panicked") = Some(child);
        let listens = || TcpStream::connect(("127.0.0.1", self.port)).is_ok();
        assert!(
            (0..PATIENCE).any(|_| listens() || wait()),
            "mariadbd does not listen"
        );
    }
}

impl Drop for MariaDbProcess {
    fn drop(&mut self) {
        if let Ok(Some(child)) = self.child.get_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Gives it time; never what was waited for.
fn wait() -> bool {
    thread::sleep(Duration::from_millis(100));
    false
}

/// Where a program is: a server's is not on everybody's PATH.
fn program(name: &str) -> Option<PathBuf> {
    let folders = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];
    let mut places = folders.iter().map(|folder| Path::new(folder).join(name));
    places.find(|place| place.exists())
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("it is bound").port()
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn skipped(what: &str) {
    eprintln!("skipped: {what} is not installed");
}
