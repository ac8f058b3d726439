//! A server of the test's own, to be stopped and killed; or the one that is there.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// A server in a process of its own; it is killed when this goes.
pub(crate) struct RedisProcess {
    child: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl RedisProcess {
    /// A server at a free port; none, and a line, where nothing is installed.
    pub(crate) fn start() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let Some(child) = spawn(&folder, port) else {
            skipped();
            return None;
        };
        let server = Self { child, folder, port };
        server.wait();
        Some(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// What the server answers to a command in one line.
    pub(crate) fn command(&self, line: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        stream.write_all(format!("{line}\r\n").as_bytes()).ok()?;
        let mut answer = [0; 4096];
        let length = stream.read(&mut answer).ok()?;
        Some(String::from_utf8_lossy(&answer[..length]).into_owned())
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.expect("kill runs").success());
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// A new process at the same port, which knows nothing of what was before.
    pub(crate) fn start_again(&mut self) {
        self.child = spawn(&self.folder, self.port).expect("it was installed before");
        self.wait();
    }

    fn wait(&self) {
        for _ in 0..500 {
            if self
                .command("PING")
                .is_some_and(|answer| answer.starts_with("+PONG"))
            {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("the server does not answer");
    }
}

impl Drop for RedisProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("it is bound").port()
}

fn spawn(folder: &tempfile::TempDir, port: u16) -> Option<Child> {
    let start = |program: &str| {
        let mut command = Command::new(program);
        command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        command
            .arg("--port")
            .arg(port.to_string())
            .arg("--dir")
            .arg(folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().ok()
    };
    ["redis-server", "valkey-server"].into_iter().find_map(start)
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn skipped() {
    eprintln!("skipped: neither redis-server nor valkey-server is installed");
}
