//! Processes on one database, and crowds of clients before them.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Barrier, LazyLock};
use std::thread;
use std::time::Duration;

use doorward::database::{Database, Sql, Value};
use doorward_testing::FreshDatabase;
use tokio::runtime::Runtime;

use crate::support::{CONFIGURED, Folder, Running};

pub(crate) const PASSWORD: &str = "wonderland-42";

/// A folder, its settings, a database, and the processes that serve both.
pub(crate) struct Cluster {
    pub(crate) nodes: Vec<Running>,
    pub(crate) folder: Folder,
    url: String,
    /// To be thrown away in the end.
    fresh: Option<FreshDatabase>,
    /// Another program than the one that is tested.
    program: Option<PathBuf>,
}

/// A new database of each kind that there is: a file, and one on each server that the run was told of.
pub(crate) fn databases() -> Vec<FreshDatabase> {
    let file = [FreshDatabase::sqlite()];
    let postgres = server().map(|url| runtime().block_on(FreshDatabase::postgres(&url)));
    let mariadb = told("MARIADB_FOR_TESTS").map(|url| runtime().block_on(FreshDatabase::mariadb(&url)));
    file.into_iter().chain(postgres).chain(mariadb).collect()
}

/// The PostgreSQL that the run was told of.
pub(crate) fn server() -> Option<String> {
    told("POSTGRES_FOR_TESTS")
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is how a test run is told its servers"
)]
fn told(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

impl Cluster {
    /// So many processes, with these lines of settings besides the usual ones, and the user alice.
    pub(crate) fn on(fresh: FreshDatabase, nodes: usize, settings: &str) -> Self {
        let cluster = Self::at(fresh.url().to_owned(), nodes, settings);
        Self {
            fresh: Some(fresh),
            ..cluster
        }
    }

    /// As [`Cluster::on`], of processes of another program, which migrates the database too.
    pub(crate) fn of(program: &Path, fresh: FreshDatabase, nodes: usize, settings: &str) -> Self {
        let cluster = Self::made(Some(program.to_owned()), fresh.url().to_owned(), nodes, settings);
        Self {
            fresh: Some(fresh),
            program: None,
            ..cluster
        }
    }

    /// On a database that is there, and is not thrown away.
    pub(crate) fn at(url: String, nodes: usize, settings: &str) -> Self {
        Self::made(None, url, nodes, settings)
    }

    fn made(program: Option<PathBuf>, url: String, nodes: usize, settings: &str) -> Self {
        let settings = format!("{CONFIGURED}{settings}\n");
        let folder = Folder::new().with("doorward.toml", &settings);
        let mut cluster = Self {
            nodes: Vec::new(),
            folder,
            url,
            fresh: None,
            program,
        };
        cluster.command(&["migrate"], "");
        let options = [
            "createuser",
            "--username",
            "alice",
            "--email",
            "alice@example.com",
            "--password-stdin",
        ];
        cluster.command(&options, &format!("{PASSWORD}\n"));
        cluster.nodes = (0..nodes).map(|_| cluster.serve()).collect();
        cluster
    }

    /// One more process.
    pub(crate) fn serve(&self) -> Running {
        Running::start(self.program(&["runserver", "127.0.0.1:0"]))
    }

    /// The program with these words, on this database.
    fn program(&self, words: &[&str]) -> Command {
        let usual = self.folder.command(words);
        let mut command = match &self.program {
            None => usual,
            Some(program) => {
                let mut other = Command::new(program);
                other
                    .args(words)
                    .current_dir(self.folder.path(""))
                    .stdin(Stdio::null());
                // How the run is told that program is no setting of it.
                other.env_remove("DOORWARD_BEFORE");
                other
            }
        };
        command.env("DOORWARD_DATABASE_URL", &self.url);
        command
    }

    /// Runs a command of the program's; it succeeds.
    pub(crate) fn command(&self, words: &[&str], input: &str) {
        let mut command = self.program(words);
        let file = self.folder.path("input");
        std::fs::write(&file, input).expect("a file");
        command.stdin(std::fs::File::open(file).expect("it is there"));
        let output = command.output().expect("the program runs");
        assert!(
            output.status.success(),
            "{words:?}: {}",
            crate::support::errors(&output)
        );
    }

    /// The database, for a moment.
    pub(crate) fn database<T>(&self, work: impl AsyncFnOnce(&Database) -> T) -> T {
        on(&self.url, work)
    }

    pub(crate) fn sql(&self, sql: &'static str, values: impl Into<Vec<Value>> + Send) -> u64 {
        self.database(async |database| database.execute(sql, values).await.expect("it is run"))
    }

    pub(crate) fn count(&self, sql: &'static str) -> i64 {
        self.database(async |database| {
            let row = database.fetch_optional(sql, []).await.expect("it is read");
            row.expect("a row").read(0).expect("a number")
        })
    }

    /// More users with alice's password: `user0`, `user1` …
    pub(crate) fn users(&self, count: usize) {
        let columns =
            "password, is_superuser, first_name, last_name, email, is_staff, is_active, date_joined";
        let sql = format!(
            "INSERT INTO auth_user ({columns}, username) SELECT {columns}, ? FROM auth_user WHERE username = ?"
        );
        let sql = Sql::rendered(sql);
        self.database(async |database| {
            for number in 0..count {
                let values = [format!("user{number}").into(), "alice".into()];
                database.execute(&sql, values).await.expect("it is made");
            }
        });
    }

    /// What the processes that are left wrote as errors.
    pub(crate) fn errors(&self) -> String {
        let logs: Vec<_> = self.nodes.iter().map(Running::log).collect();
        let lines = logs.iter().flat_map(|log| log.lines());
        lines
            .filter(|line| line.contains("ERROR"))
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Nobody panicked, and no 500 was answered; then the database is thrown away.
    pub(crate) fn end(mut self) {
        for node in &self.nodes {
            let log = node.log();
            assert!(
                !log.contains("panicked") && !log.contains("\"status\":500"),
                "{log}"
            );
        }
        self.nodes.clear();
        if let Some(fresh) = self.fresh.take() {
            runtime().block_on(fresh.end());
        }
    }
}

pub(crate) fn on<T>(url: &str, work: impl AsyncFnOnce(&Database) -> T) -> T {
    runtime().block_on(async {
        let database = Database::open(url).await.expect("it opens");
        let done = work(&database).await;
        database.close().await;
        done
    })
}

/// One for all: a database that was opened in one runtime does not outlive it.
pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));
    &RUNTIME
}

/// What so many clients are told who ask at once, each on a connection that is open already.
pub(crate) fn crowd<T: Send>(
    nodes: &[Running],
    clients: usize,
    ask: impl Fn(Client<'_>, usize) -> T + Sync,
) -> Vec<T> {
    let together = Barrier::new(clients);
    thread::scope(|scope| {
        let asking: Vec<_> = (0..clients)
            .map(|number| {
                let (node, together, ask) = (&nodes[number % nodes.len()], &together, &ask);
                scope.spawn(move || {
                    let client = Client::of(&node.address).expect("it listens");
                    together.wait();
                    ask(client, number)
                })
            })
            .collect();
        asking
            .into_iter()
            .map(|client| client.join().expect("it ends"))
            .collect()
    })
}

/// A connection to a process, for one request.
pub(crate) struct Client<'a> {
    address: &'a str,
    stream: TcpStream,
}

impl<'a> Client<'a> {
    pub(crate) fn of(address: &'a str) -> Option<Self> {
        let stream = TcpStream::connect(address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
        Some(Self { address, stream })
    }

    /// Nothing where the process is gone before its whole answer came.
    pub(crate) fn post(self, path: &str, body: &str) -> Option<Answer> {
        self.send("POST", path, "Content-Type: application/json\r\n", body)
    }

    pub(crate) fn send(mut self, method: &str, path: &str, headers: &str, body: &str) -> Option<Answer> {
        let (address, length) = (self.address, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        self.stream.write_all(request.as_bytes()).ok()?;
        let mut text = String::new();
        self.stream.read_to_string(&mut text).ok()?;
        Answer::whole(text)
    }
}

/// An answer that came to its end.
#[derive(Debug)]
pub(crate) struct Answer(pub(crate) String);

impl Answer {
    fn whole(text: String) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let length = head.split("content-length: ").nth(1)?.split("\r\n").next()?;
        (length.parse() == Ok(body.len())).then_some(Self(text))
    }

    pub(crate) fn status(&self) -> u16 {
        let status = self.0.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
        status.and_then(|status| status.parse().ok()).unwrap_or_default()
    }

    pub(crate) fn says_when_to_come_back(&self) -> bool {
        self.0.contains("\r\nretry-after: ")
    }
}

/// A refresh token of that user.
pub(crate) fn log_in(node: &Running, username: &str) -> Option<Answer> {
    let body = format!("{{\"username\": \"{username}\", \"password\": \"{PASSWORD}\"}}");
    Client::of(&node.address)?.post("/api/token/", &body)
}

pub(crate) fn refresh(client: Client<'_>, token: &str) -> Option<Answer> {
    client.post("/api/token/refresh/", &format!("{{\"refresh\": \"{token}\"}}"))
}

/// How many answers have that status.
pub(crate) fn with_status(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status() == status).count()
}
