//! The page starts as it is typed, in an empty folder, makes what it needs, and its doors are where it says.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

const FILES: [&str; 3] = ["doorward.key", "doorward.password", "doorward.sqlite3"];

struct Running {
    program: Child,
    address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

impl Running {
    fn start(folder: &Path) -> Self {
        let address = free_address();
        let mut command = quickstart(folder, &address);
        let log = fs::File::create(folder.join("log")).unwrap();
        let program = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let running = Self { program, address };
        wait_for(&running.address);
        running
    }

    /// The lines for a shell that it prints, a paragraph each.
    fn paragraphs(&mut self) -> Vec<String> {
        let out = BufReader::new(self.program.stdout.take().unwrap());
        let mut lines = out.lines().map_while(Result::ok);
        let mut text = String::new();
        for line in lines.by_ref() {
            text += &format!("{line}\n");
            // The last line of the last way.
            if line.contains("/api/token/") {
                break;
            }
        }
        text.split("\n\n")
            .filter(|text| text.starts_with("# "))
            .map(str::to_owned)
            .collect()
    }
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

fn quickstart(folder: &Path, address: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quickstart"));
    command.current_dir(folder).env("DOORWARD_SERVER__BIND", address);
    for name in [
        "DOORWARD_SECRET_KEY",
        "DOORWARD_DATABASE_URL",
        "DOORWARD_CONFIG",
        "DOORWARD_BLESS",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command
}

#[test]
fn the_page_starts_in_an_empty_folder_and_its_lines_work_as_pasted() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::start(folder.path());
    for (path, status) in [
        ("/healthz", "200"),
        ("/api/me/", "401"),
        ("/api/reports/1/", "401"),
        ("/api/token/", "405"),
    ] {
        assert_eq!(status_of(&running.address, path), status, "{path}");
    }
    FILES
        .iter()
        .for_each(|name| assert_private(&folder.path().join(name)));
    let told: Vec<String> = running
        .paragraphs()
        .iter()
        .map(|lines| shell(folder.path(), lines))
        .collect();
    assert_eq!(
        told, [r#"{"username":"admin","email":""}"#; 4],
        "Basic, Session, Token, JWT"
    );

    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    let listening = log.lines().find(|line| line.contains("\"listening\"")).unwrap();
    for field in [
        &format!("\"address\":\"{}\"", running.address),
        "\"database\":\"SQLite\"",
        "\"routes\":",
    ] {
        assert!(listening.contains(field), "{field}: {listening}");
    }
    assert!(
        log.contains(r#""method":"GET","path":"/api/me/","route":"/api/me/","status":401"#),
        "{log}"
    );
    let password = fs::read_to_string(folder.path().join("doorward.password")).unwrap();
    assert!(!log.contains(password.trim()), "{log}");
}

#[test]
fn another_start_takes_what_there_is() {
    let folder = tempfile::tempdir().unwrap();
    drop(Running::start(folder.path()));
    let kept = || {
        FILES[..2]
            .iter()
            .map(|name| fs::read(folder.path().join(name)).unwrap())
    };
    let before: Vec<_> = kept().collect();
    drop(Running::start(folder.path()));
    assert_eq!(kept().collect::<Vec<_>>(), before);
}

#[test]
fn where_others_can_reach_it_or_the_address_is_taken_nothing_is_made() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken
        .local_addr()
        .map(|address| (address.to_string(), taken))
        .unwrap();
    for (address, told) in [
        ("0.0.0.0:0", "DOORWARD_SECRET_KEY"),
        (taken.0.as_str(), "cannot listen on"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let Output { status, stderr, .. } = quickstart(folder.path(), address).output().unwrap();
        let stderr = String::from_utf8(stderr).unwrap();
        assert!(!status.success() && stderr.contains(told), "{address}: {stderr}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "{address}");
    }
}

#[test]
fn why_a_key_does_not_count_is_told() {
    let folder = tempfile::tempdir().unwrap();
    drop(Running::start(folder.path()));
    let told = quickstart(folder.path(), "0.0.0.0:0").output().unwrap().stderr;
    let told = String::from_utf8(told).unwrap();
    let expected = "doorward.key in this folder does not count: it is for first runs";
    assert!(
        told.contains(expected) && told.contains("others than this machine can reach 0.0.0.0:0"),
        "{told}"
    );
}

#[cfg(unix)]
fn assert_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{}", path.display());
}

fn shell(folder: &Path, script: &str) -> String {
    let output = Command::new("sh")
        .current_dir(folder)
        .args(["-c", script])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn wait_for(address: &str) {
    for _ in 0..400 {
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
