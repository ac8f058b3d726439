//! The page starts as it is typed, in an empty folder, and its doors are where it says.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_page_starts_and_guards_its_routes() {
    let folder = tempfile::tempdir().unwrap();
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let _running = Running(
        Command::new(env!("CARGO_BIN_EXE_quickstart"))
            .current_dir(&folder)
            .env(
                "DOORWARD_SECRET_KEY",
                "a-secret-key-for-tests-only-0123456789-0123456789-012345",
            )
            .env("DOORWARD_THROTTLE__RATES__BURST", "60/min")
            .env("DOORWARD_SERVER__BIND", &address)
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    wait_for(&address);
    let expected = [
        ("/healthz", "200"),
        ("/api/me/", "401"),
        ("/api/reports/1/", "401"),
        ("/api/token/", "405"),
    ];
    for (path, status) in expected {
        assert_eq!(status_of(&address, path), status, "{path}");
    }
}

fn wait_for(address: &str) {
    for _ in 0..200 {
        if TcpStream::connect(address).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("nobody listens at {address}");
}

fn status_of(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().to_owned()
}
