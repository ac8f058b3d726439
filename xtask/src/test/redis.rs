//! The Redis that tests start for themselves: whether there is one to start, and one that is thrown away.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::report::Report;

const STEP: &str = "what needs a Redis of the tests' own";
const PROGRAMS: [&str; 2] = ["redis-server", "valkey-server"];

/// Tells the table which server the tests started, or that those who need one ended at once.
pub(crate) fn tell(report: &mut Report) {
    match PROGRAMS.into_iter().find_map(version) {
        Some(version) => report.ran(STEP, Ok(version)),
        None => report.skipped(STEP, &format!("neither of {PROGRAMS:?} is installed")),
    }
}

fn version(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let words: Vec<&str> = text.split_whitespace().take(3).collect();
    output.status.success().then(|| words.join(" "))
}

/// A server in memory, at a port of its own; it ends when it is dropped.
pub(crate) struct Server {
    process: Child,
    port: u16,
}

impl Server {
    /// Starts the first that is installed; `None` where none is.
    pub(crate) fn start() -> Option<Self> {
        let program = PROGRAMS.into_iter().find(|program| version(program).is_some())?;
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let settings = [
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--port",
        ];
        let mut command = Command::new(program);
        command.args(settings).arg(port.to_string()).stdout(Stdio::null());
        let process = command.spawn().ok()?;
        let server = Self { process, port };
        server.answers().then_some(server)
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    fn answers(&self) -> bool {
        (0..100).any(|_| {
            sleep(Duration::from_millis(50));
            TcpStream::connect(("127.0.0.1", self.port)).is_ok()
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
