//! One refresh token, many requests at once, several processes on one file: it has one successor.
//!
//! `ROTATION_ROUNDS=200 cargo test -p doorward --test rotation` is the long run.
#![cfg(feature = "sqlite")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use axum::body::{Body, to_bytes};
use axum::http::Request;
use doorward::django::secret::Secret;
use doorward::settings::Settings;
use doorward::stores::{Created, NewUser};
use doorward::user::UserRow;
use doorward::{Doorward, jwt};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

/// What the losers of a rotation get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grace {
    TheSame,
    Nothing,
}

#[expect(clippy::disallowed_methods, reason = "how a test is told something")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn rounds() -> usize {
    environment("ROTATION_ROUNDS").map_or(2, |rounds| rounds.parse().unwrap())
}

async fn open(path: &Path, grace: Grace) -> Doorward {
    let mut settings = Settings::default();
    settings.secret_key = Secret::new("a-key-for-tests-that-is-long-enough-0123456789".to_owned());
    settings.database.url = Secret::new(format!("sqlite://{}", path.display()));
    settings.jwt.rotate_refresh_tokens = true;
    settings.jwt.blacklist_after_rotation = true;
    if grace == Grace::Nothing {
        settings.jwt.reuse_grace = "0s".parse().unwrap();
    }
    Doorward::from_settings(settings).await.unwrap()
}

/// A migrated file with one user, opened.
async fn site(grace: Grace) -> (TempDir, Doorward, UserRow) {
    let folder = tempfile::tempdir().unwrap();
    let door = open(&folder.path().join("site.sqlite3"), grace).await;
    door.migrator().apply(door.now()).await.unwrap();
    let user = NewUser {
        username: "alice".to_owned(),
        password: Secret::new("!".to_owned()),
        email: String::new(),
        is_staff: false,
        is_superuser: false,
        date_joined: door.now(),
        further: Vec::new(),
    };
    match door.stores().users.create(user).await.unwrap() {
        Created::User(user) => (folder, door, UserRow::clone(&user)),
        Created::UsernameTaken => panic!("the database is new"),
    }
}

/// So many refreshes at once, each on a task of its own: the successors that were answered.
async fn refresh(door: &Doorward, count: usize, token: &str) -> Vec<Option<String>> {
    let service = door.endpoints().into_service().unwrap();
    let tasks: Vec<_> = (0..count)
        .map(|_| {
            let request = Request::post("/api/token/refresh/")
                .header("host", "localhost")
                .header("content-type", "application/json")
                .body(Body::from(json!({ "refresh": token }).to_string()));
            tokio::spawn(service.clone().oneshot(request.unwrap()))
        })
        .collect();
    let mut successors = Vec::new();
    for task in tasks {
        let Ok(answer) = task.await.unwrap();
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert!(
            status == 200 || body["detail"] == "Token is blacklisted",
            "{status} {body}"
        );
        successors.push(body["refresh"].as_str().map(str::to_owned));
    }
    successors
}

async fn holds(door: &Doorward, grace: Grace, answers: Vec<Option<String>>, tokens_before: i64) {
    let count = answers.len();
    let successors: Vec<_> = answers.into_iter().flatten().collect();
    let expected = match grace {
        Grace::TheSame => count,
        Grace::Nothing => 1,
    };
    assert_eq!(successors.len(), expected);
    assert_eq!(successors.iter().collect::<BTreeSet<_>>().len(), 1);
    assert_eq!(
        outstanding(door).await,
        tokens_before + 1,
        "one successor in the database"
    );
}

async fn outstanding(door: &Doorward) -> i64 {
    let sql = "SELECT count(*) FROM token_blacklist_outstandingtoken";
    let row = door.database().fetch_optional(sql, []).await.unwrap();
    row.unwrap().read(0).unwrap()
}

async fn pair(door: &Doorward, user: &UserRow) -> String {
    let pair = jwt::pair::obtain(door, user).await.unwrap();
    pair.refresh.expose().clone()
}

async fn two_handles(grace: Grace) {
    let (folder, one, user) = site(grace).await;
    let other = open(&folder.path().join("site.sqlite3"), grace).await;
    for _ in 0..rounds() {
        for count in [16, 64] {
            let token = pair(&one, &user).await;
            let before = outstanding(&one).await;
            let (half, rest) = tokio::join!(
                refresh(&one, count / 2, &token),
                refresh(&other, count / 2, &token)
            );
            holds(&one, grace, [half, rest].concat(), before).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_two_handles_all_get_the_one_successor() {
    two_handles(Grace::TheSame).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_two_handles_without_a_grace_one_gets_it() {
    two_handles(Grace::Nothing).await;
}

async fn two_processes(grace: Grace) {
    let (folder, door, user) = site(grace).await;
    let mut child = Other::start(&folder.path().join("site.sqlite3"), grace);
    for _ in 0..rounds() {
        for count in [16, 64] {
            let token = pair(&door, &user).await;
            let before = outstanding(&door).await;
            child.ask(count / 2, &token);
            let half = refresh(&door, count / 2, &token).await;
            let rest = tokio::task::block_in_place(|| child.answers());
            holds(&door, grace, [half, rest].concat(), before).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_two_processes_all_get_the_one_successor() {
    two_processes(Grace::TheSame).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_two_processes_without_a_grace_one_gets_it() {
    two_processes(Grace::Nothing).await;
}

/// Another process on the same file, which refreshes what it reads and prints what it is answered.
struct Other {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Other {
    fn start(path: &Path, grace: Grace) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_refreshes", "--ignored", "--nocapture"])
            .env("DOORWARD_TEST_PATH", path)
            .env("DOORWARD_TEST_GRACE", format!("{grace:?}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { child, answers }
    }

    fn ask(&mut self, count: usize, token: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{count} {token}").unwrap();
    }

    fn answers(&mut self) -> Vec<Option<String>> {
        let lines = self.answers.by_ref().lines().map(Result::unwrap);
        let mut lines = lines.filter_map(|line| Some(line.split_once("answers: ")?.1.to_owned()));
        serde_json::from_str(&lines.next().expect("the other process lives")).unwrap()
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "runs in the child process of the tests above"]
async fn child_refreshes() {
    let Some(path) = environment("DOORWARD_TEST_PATH") else {
        return;
    };
    let grace = match environment("DOORWARD_TEST_GRACE").as_deref() {
        Some("Nothing") => Grace::Nothing,
        _ => Grace::TheSame,
    };
    let door = open(Path::new(&path), grace).await;
    let mut line = String::new();
    while std::io::stdin().read_line(&mut line).unwrap() > 0 {
        let (count, token) = line.trim().split_once(' ').unwrap();
        let answers = refresh(&door, count.parse().unwrap(), token).await;
        #[expect(clippy::print_stdout, reason = "how the parent is told")]
        {
            println!("answers: {}", json!(answers));
        }
        line.clear();
    }
}
