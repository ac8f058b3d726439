//! A server with users, what it answers to any bytes, and what must hold after them.

use std::io::{Read, Write};
use std::net::Shutdown;

use base64::{Engine, engine::general_purpose::STANDARD};
use doorward::database::{Database, Value};

use super::support::{Folder, Running, field};

pub(crate) const KEY: &str = "a-key-for-tests-that-is-long-enough-0123456789";
pub(crate) const PASSWORD: &str = "wonderland-42";
pub(crate) const LOGIN: &str = "{\"username\": \"alice\", \"password\": \"wonderland-42\"}";
pub(crate) const JSON: &str = "Content-Type: application/json\r\n";
pub(crate) const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

/// Every hasher reads; the first, which writes and stands in for users that there are not, is quick.
const SETTINGS: &str = "secret_key = \"a-key-for-tests-that-is-long-enough-0123456789\"\n[passwords]\n\
    hashers = [\"md5\", \"pbkdf2_sha256\", \"pbkdf2_sha1\", \"argon2\", \"bcrypt_sha256\", \"bcrypt\", \"scrypt\"]\n";

/// Every endpoint that takes a body.
pub(crate) const ENDPOINTS: [&str; 10] = [
    "/api-token-auth/",
    "/api/token/",
    "/api/token/refresh/",
    "/api/token/verify/",
    "/api/token/blacklist/",
    "/api/token/revoke-all/",
    "/api/token/sliding/",
    "/api/token/sliding/refresh/",
    "/api/password/change/",
    "/api-auth/login/",
];

/// A server with the users alice and bob.
pub(crate) struct Site {
    pub(crate) server: Running,
    pub(crate) folder: Folder,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with(SETTINGS)
    }

    pub(crate) fn with(settings: &str) -> Self {
        let folder = Folder::new().with("doorward.toml", settings);
        folder.succeeds(&["migrate"]);
        for name in ["alice", "bob"] {
            let options = ["createuser", "--staff", "--username", name, "--password-stdin"];
            assert!(folder.input(&options, &format!("{PASSWORD}\n")).status.success());
        }
        let server = folder.serve();
        Self { server, folder }
    }

    /// The answer to those bytes on a connection of its own; none is one too, where the server hung up.
    pub(crate) fn send(&self, bytes: &[u8]) -> Answer {
        self.exchange(bytes, End::Open)
    }

    pub(crate) fn exchange(&self, bytes: &[u8], end: End) -> Answer {
        let mut stream = self.server.connect();
        // A server that refuses does not read to the end.
        let _ = stream.write_all(bytes);
        if end == End::Shut {
            let _ = stream.shutdown(Shutdown::Write);
        }
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        Answer(String::from_utf8_lossy(&answer).into_owned())
    }

    /// As [`Site::send`], of a request whose frame is sound.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: impl AsRef<[u8]>,
        body: impl AsRef<[u8]>,
    ) -> Answer {
        let (headers, body) = (headers.as_ref(), body.as_ref());
        let start = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n",
            body.len()
        );
        self.send(&[start.as_bytes(), headers, b"\r\n", body].concat())
    }

    /// The answer to an Authorization header of those bytes.
    pub(crate) fn authorize(&self, value: impl AsRef<[u8]>) -> Answer {
        let header = [b"Authorization: ", value.as_ref(), b"\r\n"].concat();
        self.ask("GET", "/api/profile/", header, "")
    }

    pub(crate) fn post(&self, path: &str, json: impl AsRef<[u8]>) -> Answer {
        self.ask("POST", path, JSON, json)
    }

    pub(crate) fn tokens(&self) -> Tokens {
        let pair = self.post("/api/token/", LOGIN).0;
        Tokens {
            opaque: field(&self.post("/api-token-auth/", LOGIN).0, "token"),
            access: field(&pair, "access"),
        }
    }

    /// A browser in which somebody has logged in.
    pub(crate) fn browser(&self, username: &str) -> Browser {
        let page = self.ask("GET", "/api-auth/login/", "", "");
        let csrf = page.cookie("csrftoken");
        let headers = format!("{JSON}Cookie: csrftoken={csrf}\r\nX-CSRFToken: {csrf}\r\n");
        let body = serde_json::json!({"username": username, "password": PASSWORD}).to_string();
        let answer = self.ask("POST", "/api-auth/login/", headers, body);
        assert_eq!(answer.status(), 200, "{answer:?}");
        Browser {
            session: answer.cookie("sessionid"),
            csrf: answer.cookie("csrftoken"),
        }
    }

    /// What holds after every input: no 5xx, JSON, a challenge, no panic, and the next request is answered.
    #[track_caller]
    pub(crate) fn holds(&self, row: &str, answer: &Answer) {
        let status = answer.status();
        assert!(status < 500, "{row}: {answer:?}");
        let has_body = !answer.body().is_empty();
        assert!(
            status < 400 || !has_body || answer.head().contains("content-type: application/json"),
            "{row}: {answer:?}"
        );
        assert!(
            status != 401 || answer.head().contains("\r\nwww-authenticate: "),
            "{row}: {answer:?}"
        );
        assert!(
            !self.server.log().contains("panicked"),
            "{row}: {}",
            self.server.log()
        );
        let next = self.authorize(basic("alice", PASSWORD));
        assert_eq!(next.status(), 200, "after {row}: {next:?}");
    }

    /// [`Site::holds`], and the status is one of these.
    #[track_caller]
    pub(crate) fn refuses(&self, row: &str, answer: &Answer, statuses: &[u16]) {
        assert!(statuses.contains(&answer.status()), "{row}: {answer:?}");
        self.holds(row, answer);
    }

    /// Runs a statement in the database's file, as another process would.
    pub(crate) fn sql(&self, sql: &'static str, values: impl Into<Vec<Value>> + Send) -> u64 {
        runtime().block_on(async {
            let database = self.database().await;
            let touched = database.execute(sql, values).await.expect("it is run");
            database.close().await;
            touched
        })
    }

    pub(crate) async fn database(&self) -> Database {
        let url = format!("sqlite://{}", self.folder.path("doorward.sqlite3").display());
        Database::open(&url).await.expect("there is one")
    }
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

pub(crate) fn basic(username: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{username}:{password}")))
}

/// Whether a client says that it has nothing more to send.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Open,
    Shut,
}

pub(crate) struct Tokens {
    pub(crate) opaque: String,
    pub(crate) access: String,
}

pub(crate) struct Browser {
    pub(crate) session: String,
    pub(crate) csrf: String,
}

impl Browser {
    pub(crate) fn cookies(&self) -> String {
        format!("Cookie: sessionid={}; csrftoken={}\r\n", self.session, self.csrf)
    }
}

/// All that came back on a connection.
#[derive(Debug)]
pub(crate) struct Answer(pub(crate) String);

impl Answer {
    /// 0 where there is no answer.
    pub(crate) fn status(&self) -> u16 {
        let status = self.0.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
        status.map_or(0, |status| status.parse().expect("a number"))
    }

    #[track_caller]
    pub(crate) fn is_one_of(&self, row: &str, statuses: &[u16]) {
        assert!(statuses.contains(&self.status()), "{row}: {self:?}");
    }

    pub(crate) fn head(&self) -> &str {
        self.0.split_once("\r\n\r\n").map_or(&*self.0, |(head, _)| head)
    }

    pub(crate) fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }

    /// How many answers there are.
    pub(crate) fn count(&self) -> usize {
        self.0.matches("HTTP/1.1 ").count()
    }

    #[track_caller]
    pub(crate) fn cookie(&self, name: &str) -> String {
        let (_, rest) = self
            .0
            .split_once(&format!("set-cookie: {name}="))
            .unwrap_or_else(|| panic!("{name}: {self:?}"));
        rest.split(';').next().unwrap_or_default().to_owned()
    }
}
