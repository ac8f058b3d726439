//! A server of the test's own, to be stopped and killed; or the one that is there.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// A server in a process of its own; it is killed when this goes.
pub(crate) struct RedisProcess {
    child: Child,
    port: u16,
    arguments: Vec<String>,
    _folder: tempfile::TempDir,
}

impl RedisProcess {
    /// A server at a free port; none, and a line, where nothing is installed.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(free_port(), &[])
    }

    /// The same at that port, with those options besides.
    pub(crate) fn start_with(port: u16, options: &[String]) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let usual = ["--save", "", "--appendonly", "no"].map(str::to_owned);
        Self::launch(folder, port, [usual.as_slice(), options].concat())
    }

    /// A Sentinel at that port, with those lines of configuration.
    pub(crate) fn start_sentinel(port: u16, lines: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("sentinel.conf");
        std::fs::write(&file, lines).expect("it can be written");
        let file = file.to_str().expect("it is text").to_owned();
        Self::launch(folder, port, vec![file, "--sentinel".to_owned()])
    }

    fn launch(folder: tempfile::TempDir, port: u16, mut arguments: Vec<String>) -> Option<Self> {
        let place = ["--bind", "127.0.0.1", "--port", &port.to_string(), "--dir"].map(str::to_owned);
        arguments.extend(place);
        arguments.push(folder.path().to_str().expect("it is text").to_owned());
        let Some(child) = spawn(&arguments) else {
            skipped();
            return None;
        };
        let server = Self {
            child,
            port,
            arguments,
            _folder: folder,
        };
        server.wait();
        Some(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What the server answers to a command in one line.
    pub(crate) fn command(&self, line: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        stream.write_all(format!("{line}\r\n").as_bytes()).ok()?;
        let mut answer = [0; 64 * 1024];
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
        self.child = spawn(&self.arguments).expect("it was installed before");
        self.wait();
    }

    fn wait(&self) {
        for _ in 0..500 {
            if self
                .command("PING")
                .is_some_and(|answer| answer.starts_with("+PONG") || answer.starts_with("-NOAUTH"))
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

fn spawn(arguments: &[String]) -> Option<Child> {
    let start = |program: &str| {
        let mut command = Command::new(program);
        command.args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().ok()
    };
    ["redis-server", "valkey-server"].into_iter().find_map(start)
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn skipped() {
    eprintln!("skipped: neither redis-server nor valkey-server is installed");
}
