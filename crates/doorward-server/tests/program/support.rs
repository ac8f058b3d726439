//! A folder to run the program in, and a server to call.

use std::fs;
use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use doorward::database::Database;

pub(crate) const CONFIGURED: &str = "secret_key = \"a-key-for-tests-that-is-long-enough-0123456789\"\n\
                                     [passwords]\nhashers = [\"md5\"]\n";

/// A folder of its own for each test.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// A folder with settings, and a database that is migrated.
    pub(crate) fn migrated() -> Self {
        let folder = Self::new().with("doorward.toml", CONFIGURED);
        folder.succeeds(&["migrate"]);
        folder
    }

    pub(crate) fn with(self, name: &str, text: &str) -> Self {
        fs::write(self.path(name), text).expect("a file is written");
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect(name)
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("a folder");
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// The program with these arguments, and none of this process's own settings.
    #[expect(clippy::disallowed_methods, reason = "what a test must not pass on")]
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doorward"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("DOORWARD_") || name.starts_with("DJANGO_") || name == "RUST_LOG" {
                command.env_remove(&*name);
            }
        }
        // Tests change what is stored by other processes, and ask at once.
        command.env("DOORWARD_CACHE__MAX_STALENESS", "0s");
        command
    }

    /// Its database, for a moment.
    pub(crate) fn on_database<T>(&self, work: impl AsyncFnOnce(&Database) -> T) -> T {
        let url = format!("sqlite://{}", self.path("doorward.sqlite3").display());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let database = Database::open(&url).await.expect("it opens");
            let done = work(&database).await;
            database.close().await;
            done
        })
    }

    /// Makes a database without any table.
    pub(crate) fn empty_database(&self) {
        self.on_database(async |_| {});
    }

    /// Changes the database.
    pub(crate) fn sql(&self, sql: &'static str) {
        self.on_database(async |database| database.execute(sql, []).await.expect("it is changed"));
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    /// What a command prints that succeeds.
    #[track_caller]
    pub(crate) fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", errors(&output));
        printed(&output)
    }

    /// What a command says that ends with `code`.
    #[track_caller]
    pub(crate) fn fails(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {}",
            errors(&output)
        );
        errors(&output)
    }

    pub(crate) fn input(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().expect("the program ends")
    }

    pub(crate) fn serve(&self) -> Running {
        self.serve_with(&[])
    }

    pub(crate) fn serve_with(&self, variables: &[(&str, &str)]) -> Running {
        let mut command = self.command(&["runserver", "127.0.0.1:0"]);
        command.envs(variables.iter().copied());
        Running::start(command)
    }

    /// A server whose log nobody reads any more, from the line on that tells its address.
    pub(crate) fn serve_unread(&self) -> Running {
        let command = self.command(&["runserver", "127.0.0.1:0"]);
        Running::start_with(command, drop)
    }

    /// Runs a line of shell in this folder.
    pub(crate) fn shell(&self, line: &str) -> Output {
        let mut command = Command::new("sh");
        command.arg("-c").arg(line).current_dir(self.0.path());
        command.output().expect("there is a shell")
    }
}

pub(crate) fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

pub(crate) fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// What a server goes on to write, and where it is kept.
struct Log(Lines<BufReader<ChildStderr>>, Arc<Mutex<String>>);

impl Log {
    fn keep(self) {
        let Self(lines, log) = self;
        thread::spawn(move || {
            let lines = lines.map_while(Result::ok);
            lines.for_each(|line| *log.lock().unwrap() += &format!("{line}\n"));
        });
    }
}

/// A server that runs; it is killed when this goes.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: String,
    log: Arc<Mutex<String>>,
}

impl Running {
    pub(crate) fn start(command: Command) -> Self {
        Self::start_with(command, Log::keep)
    }

    fn start_with(mut command: Command, rest: impl FnOnce(Log)) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            *log.lock().unwrap() += &format!("{line}\n");
            Some(line.split_once("\"address\":\"")?.1.split('"').next()?.to_owned())
        });
        rest(Log(lines, Arc::clone(&log)));
        let address = address.unwrap_or_else(|| panic!("it did not start: {}", log.lock().unwrap()));
        Self { child, address, log }
    }

    /// What it prints to standard output, to the end: stop it first.
    pub(crate) fn output(&mut self) -> String {
        let mut text = String::new();
        let out = self.child.stdout.as_mut().expect("a pipe");
        out.read_to_string(&mut text).expect("text");
        text
    }

    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Whether its log tells these words, soon: a thread of its own reads it.
    pub(crate) fn says(&self, words: &str) -> bool {
        for _ in 0..40 {
            if self.log().contains(words) {
                return true;
            }
            thread::sleep(Duration::from_millis(50));
        }
        false
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.id().to_string();
        let sent = Command::new("kill")
            .args(["-s", name, &pid])
            .status()
            .expect("kill runs");
        assert!(sent.success());
    }

    /// Waits for its end; tells its exit code.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("it listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("a time-out");
        stream
    }

    /// The whole answer to a request on a connection of its own.
    pub(crate) fn call(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let mut stream = self.connect();
        let request = self.request(method, path, headers, body);
        stream.write_all(request.as_bytes()).expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it is answered");
        answer
    }

    pub(crate) fn get(&self, path: &str) -> String {
        self.call("GET", path, "", "")
    }

    pub(crate) fn post(&self, path: &str, json: &str) -> String {
        self.call("POST", path, "Content-Type: application/json\r\n", json)
    }

    pub(crate) fn request(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let (address, length) = (&self.address, body.len());
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\
             {headers}\r\n{body}"
        )
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The text of a field in a flat JSON body.
pub(crate) fn field(answer: &str, name: &str) -> String {
    let start = answer
        .split_once(&format!("\"{name}\":\""))
        .unwrap_or_else(|| panic!("{name}: {answer}"))
        .1;
    start.split('"').next().unwrap().to_owned()
}

#[cfg(unix)]
pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}
