//! A crate that `doorward new` makes: it builds, its tests pass, it runs.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::report::Report;
use crate::run::{self, cargo, root};

const STEP: &str = "a crate that `doorward new` makes";

/// Not the name of the files it is made of, and one that code writes in another way.
const NAME: &str = "my-notes";

/// How long a login may take in a debug build of somebody else's crate, on a machine that does nothing else meanwhile.
const LOGIN: Duration = Duration::from_secs(1);

/// The step of a report.
pub(crate) fn make(report: &mut Report) {
    report.ran(STEP, run());
}

/// Makes one outside the workspace, tests it, and asks it; tells how long a login took.
pub(crate) fn run() -> Result<String, String> {
    let folder = std::env::temp_dir().join(format!("doorward-new-{}", std::process::id()));
    let made = fs::create_dir(&folder).map_err(|error| error.to_string());
    let done = made.and_then(|()| walk(&folder));
    let _ = fs::remove_dir_all(&folder);
    done.map(|login| format!("a login in its debug build took {} ms", login.as_millis()))
}

fn walk(folder: &Path) -> Result<Duration, String> {
    run::run(&mut cargo(&["build", "--package", "doorward-server"]))?;
    let mut new = Command::new(root().join("target/debug/doorward"));
    new.args(["new", NAME, "--path-dependencies"]).arg(root());
    run::run(new.current_dir(folder))?;
    let made = folder.join(NAME);
    // What the workspace has chosen is here already; a feature of axum that it does without may be fetched.
    let lock = fs::copy(root().join("Cargo.lock"), made.join("Cargo.lock"));
    lock.map_err(|error| error.to_string())?;
    run::run(&mut in_crate(&made, &["test"]))?;
    run::run(&mut in_crate(&made, &["build"]))?;
    Site::start(&made)?.ask()
}

/// Beside the workspace's own: what was built once is built.
fn target() -> PathBuf {
    root().join("target/new-crate")
}

fn in_crate(made: &Path, words: &[&str]) -> Command {
    let mut command = cargo(words);
    command.current_dir(made).env("CARGO_TARGET_DIR", target());
    command
}

/// The program of the crate, while it runs.
struct Site {
    program: Child,
    address: String,
    password: String,
}

impl Site {
    /// Its log says where it listens.
    fn start(made: &Path) -> Result<Self, String> {
        let mut command = Command::new(target().join("debug").join(NAME));
        command.current_dir(made).stderr(Stdio::piped());
        command.env("DOORWARD_SERVER__BIND", "127.0.0.1:0");
        let mut site = Self {
            program: command.spawn().map_err(|error| error.to_string())?,
            address: String::new(),
            password: String::new(),
        };
        site.address = site.listening().ok_or("it did not say where it listens")?;
        let password = fs::read_to_string(made.join("doorward.password"));
        site.password = password.map_err(|error| format!("doorward.password: {error}"))?;
        Ok(site)
    }

    /// The address in its log, which is read to its end elsewhere.
    fn listening(&mut self) -> Option<String> {
        let log = BufReader::new(self.program.stderr.take()?);
        let mut lines = log.lines().map_while(Result::ok);
        let address = lines.find_map(|line| {
            let rest = line.split_once("\"address\":\"")?.1;
            Some(rest.split('"').next()?.to_owned())
        });
        std::thread::spawn(move || lines.for_each(drop));
        address
    }

    /// How long a login took: the quickest of a few, for the machine may have other things to do.
    #[expect(clippy::disallowed_methods, reason = "a task tells how long it took")]
    fn ask(&self) -> Result<Duration, String> {
        self.answers("/healthz", "", "200")?;
        self.answers("/api/notes/", "", "401")?;
        let body = format!("username=admin&password={}", self.password.trim());
        let mut quickest = Duration::MAX;
        for _ in 0..3 {
            let begun = Instant::now();
            self.answers("/api/token/", &body, "200")?;
            quickest = quickest.min(begun.elapsed());
        }
        match quickest < LOGIN {
            true => Ok(quickest),
            false => Err(format!("a login took {quickest:?}")),
        }
    }

    /// Whether a request is answered so; with a body it is a POST.
    fn answers(&self, path: &str, body: &str, status: &str) -> Result<(), String> {
        let (method, address, length) = (
            if body.is_empty() { "GET" } else { "POST" },
            &self.address,
            body.len(),
        );
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
        );
        let answer = asked(address, &request).map_err(|error| format!("{path}: {error}"))?;
        let line = answer.lines().next().unwrap_or_default();
        match line.split(' ').nth(1) == Some(status) {
            true => Ok(()),
            false => Err(format!("{path} was answered with `{line}`, not {status}")),
        }
    }
}

fn asked(address: &str, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
