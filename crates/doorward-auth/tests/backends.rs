//! The chain of backends that knows names and passwords.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod browser;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use browser::{PASSWORD, Site, encoded, settings, user};
use doorward_auth::accounts::{NewAccount, authenticate, create_user, get_or_create_user};
use doorward_auth::backends::{
    AllowAllUsersModelBackend, AskElsewhere, Attempt, CaseInsensitiveModelBackend, CredentialsBackend,
    EmailBackend, ModelBackend, Outcome,
};
use doorward_core::answer::Answer;
use doorward_core::clock::Clock;
use doorward_core::settings::BackendName;
use doorward_core::user::UserRow;
use doorward_core::{ApiException, Result, UserId};
use doorward_django::passwords::{Algorithm, Hashers, Parameters};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_testing::TestDatabase;
use http::StatusCode;
use serde_json::json;

fn chain(backends: Vec<Arc<dyn CredentialsBackend>>) -> Site {
    Site::given(settings(), |builder| builder.backends(backends))
}

async fn who(site: &Site, username: &str, password: &str) -> Option<String> {
    let password = Secret::new(password.to_owned());
    let found = authenticate(&site.door, username, &password).await.unwrap();
    found.map(|user| user.username.clone())
}

#[tokio::test]
async fn the_settings_name_the_chain() {
    let mut settings = settings();
    settings.passwords.backends = vec![BackendName::ModelBackend, BackendName::EmailBackend];
    let site = Site::with(settings);
    assert_eq!(who(&site, "alice", PASSWORD).await.as_deref(), Some("alice"));
    assert_eq!(
        who(&site, "ALICE@example.com", PASSWORD).await.as_deref(),
        Some("alice")
    );
    assert_eq!(who(&site, "Alice", PASSWORD).await, None);
    assert_eq!(who(&Site::new(), "alice@example.com", PASSWORD).await, None);
}

#[tokio::test]
async fn an_address_names_its_one_active_user() {
    let site = chain(vec![Arc::new(EmailBackend)]);
    for name in ["alice@example.com", "Alice@EXAMPLE.com"] {
        assert_eq!(
            who(&site, name, PASSWORD).await.as_deref(),
            Some("alice"),
            "{name}"
        );
    }
    for name in [
        "alice",
        "carol@example.com",
        "alıce@example.com",
        "@",
        "%@example.com",
        "a\0@b",
    ] {
        assert_eq!(who(&site, name, PASSWORD).await, None, "{name}");
    }
    assert_eq!(who(&site, "alice@example.com", "wrong").await, None);
    site.memory.add_user(UserRow {
        email: "ALICE@example.com".to_owned(),
        ..user(9, "mallory")
    });
    for (name, whose) in [
        ("alice@example.com", Some("alice")),
        ("ALICE@example.com", Some("mallory")),
        ("Alice@example.com", None),
    ] {
        assert_eq!(who(&site, name, PASSWORD).await.as_deref(), whose, "{name}");
    }
    site.memory.add_user(UserRow {
        email: String::new(),
        ..user(10, "nobody")
    });
    assert_eq!(who(&site, "", PASSWORD).await, None);
}

/// Of two who have the very same address the active one is meant.
#[tokio::test]
async fn a_closed_account_shuts_nobody_out_of_the_address() {
    let site = chain(vec![Arc::new(EmailBackend)]);
    let shared = UserRow {
        email: "alice@example.com".to_owned(),
        ..user(9, "before")
    };
    site.memory.add_user(shared.clone());
    assert_eq!(
        who(&site, "alice@example.com", PASSWORD).await,
        None,
        "of two, nobody"
    );
    site.memory.add_user(UserRow {
        is_active: false,
        ..shared
    });
    let found = who(&site, "alice@example.com", PASSWORD).await;
    assert_eq!(found.as_deref(), Some("alice"));
}

#[tokio::test]
async fn case_may_be_ignored_where_that_names_one_user() {
    let site = chain(vec![Arc::new(CaseInsensitiveModelBackend)]);
    for name in ["alice", "ALICE", "Alice"] {
        assert_eq!(
            who(&site, name, PASSWORD).await.as_deref(),
            Some("alice"),
            "{name}"
        );
    }
    for name in ["alıce", "ａlice", "alice ", "carol", "CAROL", "a%"] {
        assert_eq!(who(&site, name, PASSWORD).await, None, "{name}");
    }
    site.memory.add_user(user(9, "Alice"));
    for (name, whose) in [
        ("alice", Some("alice")),
        ("Alice", Some("Alice")),
        ("ALICE", None),
    ] {
        assert_eq!(who(&site, name, PASSWORD).await.as_deref(), whose, "{name}");
    }
    site.memory
        .change_user(&UserId::Int(9), |row| row.is_active = false);
    for (name, whose) in [
        ("alice", Some("alice")),
        ("Alice", None),
        ("ALICE", Some("alice")),
    ] {
        assert_eq!(who(&site, name, PASSWORD).await.as_deref(), whose, "{name}");
    }
    let exact_first = chain(vec![
        Arc::new(ModelBackend),
        Arc::new(CaseInsensitiveModelBackend),
    ]);
    exact_first.memory.add_user(user(9, "Alice"));
    assert_eq!(
        who(&exact_first, "alice", PASSWORD).await.as_deref(),
        Some("alice")
    );
    assert_eq!(
        who(&exact_first, "Alice", PASSWORD).await.as_deref(),
        Some("Alice")
    );
    assert_eq!(who(&exact_first, "ALICE", PASSWORD).await, None);
}

#[tokio::test]
async fn a_backend_may_ask_elsewhere_and_make_users() {
    let directory = AskElsewhere::new("example.Directory", |door, username, password| async move {
        match (username.as_str(), password.expose().as_str()) {
            ("away", _) => Err(ApiException::service_unavailable(Duration::from_secs(1))),
            (name, "from the directory") => Ok(Outcome::User(get_or_create_user(&door, name).await?)),
            ("denied", _) => Ok(Outcome::Deny),
            _ => Ok(Outcome::NotMine),
        }
    });
    let site = Site::given(settings(), |builder| builder.backend(directory));
    assert_eq!(who(&site, "alice", PASSWORD).await.as_deref(), Some("alice"));
    assert_eq!(who(&site, "dora", "wrong").await, None);
    for _ in 0..2 {
        assert_eq!(
            who(&site, "dora", "from the directory").await.as_deref(),
            Some("dora")
        );
    }
    assert_eq!(who(&site, "carol", "from the directory").await, None, "inactive");
    let refused = authenticate(&site.door, "away", &Secret::new("x".to_owned())).await;
    assert_eq!(refused.unwrap_err().status(), StatusCode::SERVICE_UNAVAILABLE);
    // Its sessions name it, and are good as long as the door has it.
    let mut browser = site.browser();
    assert_eq!(
        browser.log_in("dora", "from the directory").await.status,
        StatusCode::FOUND
    );
    assert_eq!(browser.get("/dashboard/").await.text, "dora");
    let stores = site.memory.stores();
    let without = Site::on(settings(), site.memory.clone(), stores, |router| router);
    let mut other = without.browser();
    other.cookies = browser.cookies.clone();
    assert_eq!(other.get("/dashboard/").await.status, StatusCode::FORBIDDEN);
}

/// Counts how often it is asked, and says one thing.
#[derive(Debug)]
struct Says(Outcome, Arc<AtomicUsize>);

impl CredentialsBackend for Says {
    fn path(&self) -> &'static str {
        "tests.Says"
    }

    fn authenticate<'a>(&'a self, _: &'a Attempt<'a>) -> Answer<'a, Result<Outcome>> {
        self.1.fetch_add(1, Ordering::SeqCst);
        Answer::ready(Ok(self.0.clone()))
    }
}

#[tokio::test]
async fn a_denial_ends_the_chain_and_no_answer_does_not() {
    let asked = Arc::new(AtomicUsize::new(0));
    let says = |outcome: Outcome| Arc::new(Says(outcome, Arc::clone(&asked))) as Arc<dyn CredentialsBackend>;
    let denied = chain(vec![says(Outcome::Deny), Arc::new(ModelBackend)]);
    assert_eq!(who(&denied, "alice", PASSWORD).await, None);
    let passed = chain(vec![
        says(Outcome::NotMine),
        Arc::new(ModelBackend),
        says(Outcome::Deny),
    ]);
    assert_eq!(who(&passed, "alice", PASSWORD).await.as_deref(), Some("alice"));
    assert_eq!(
        asked.load(Ordering::SeqCst),
        2,
        "who comes after the answer is not asked"
    );
    let inactive = Arc::new(user(4, "carol"));
    let inactive = UserRow {
        is_active: false,
        ..(*inactive).clone()
    };
    let site = chain(vec![
        says(Outcome::User(Arc::new(inactive))),
        Arc::new(ModelBackend),
    ]);
    assert_eq!(who(&site, "alice", PASSWORD).await.as_deref(), Some("alice"));
    assert_eq!(who(&chain(vec![]), "alice", PASSWORD).await, None);
}

#[tokio::test]
async fn a_user_is_checked_once_by_however_many_backends() {
    // A user whose name is its address is found by both; were it checked twice, the upgrade would be tried twice.
    let site = chain(vec![Arc::new(ModelBackend), Arc::new(EmailBackend)]);
    site.memory.add_user(UserRow {
        email: "x@example.com".to_owned(),
        ..user(9, "x@example.com")
    });
    assert_eq!(who(&site, "x@example.com", "wrong").await, None);
    assert_eq!(
        who(&site, "x@example.com", PASSWORD).await.as_deref(),
        Some("x@example.com")
    );
    // Somebody's name may be somebody else's address: each has a password of its own.
    site.memory.add_user(UserRow {
        email: String::new(),
        password: Secret::new(encoded("of the other one")),
        ..user(10, "bob@example.com")
    });
    assert_eq!(
        who(&site, "bob@example.com", PASSWORD).await.as_deref(),
        Some("bob")
    );
    let other = who(&site, "bob@example.com", "of the other one").await;
    assert_eq!(other.as_deref(), Some("bob@example.com"));
}

#[tokio::test]
async fn whoever_lets_everybody_in_does_not_open_the_api() {
    let site = chain(vec![Arc::new(AllowAllUsersModelBackend)]);
    assert_eq!(who(&site, "carol", PASSWORD).await.as_deref(), Some("carol"));
    assert_eq!(who(&site, "carol", "wrong").await, None);
    let header = format!("Basic {}", STANDARD.encode(format!("carol:{PASSWORD}")));
    let page = site
        .browser()
        .send("GET", "/api/profile/", &[("authorization", &header)], "")
        .await;
    assert_eq!(page.detail(), "User inactive or deleted.");
    let page = site.browser().log_in("carol", PASSWORD).await;
    assert!(page.text.contains("This account is inactive."));
    let body = json!({ "username": "carol", "password": PASSWORD });
    for path in ["/api/token/", "/api-auth/login/"] {
        let mut browser = site.browser();
        browser.get("/api-auth/login/").await;
        assert!(browser.post(path, &body).await.status.is_client_error(), "{path}");
    }
}

#[tokio::test]
async fn sessions_of_users_who_were_closed_end_under_every_backend() {
    let site = chain(vec![Arc::new(AllowAllUsersModelBackend)]);
    let mut alice = site.logged_in("alice").await;
    assert_eq!(alice.get("/dashboard/").await.text, "alice");
    site.memory
        .change_user(&UserId::Int(2), |row| row.is_active = false);
    assert_eq!(alice.get("/dashboard/").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn users_made_on_somebody_s_word_are_made_once() {
    let memory = TestDatabase::new();
    let stores = memory.stores();
    let site = Site::on(settings(), memory, stores, |router| router);
    let made =
        futures_util::future::join_all((0..8).map(|_| get_or_create_user(&site.door, "DOMAIN\\dora"))).await;
    let ids: std::collections::BTreeSet<_> = made.into_iter().map(|user| user.unwrap().id.clone()).collect();
    assert_eq!(ids.len(), 1);
    for name in ["", "a\0", &"x".repeat(151)] {
        let refused = get_or_create_user(&site.door, name).await.unwrap_err();
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    }
}

async fn created(site: &Site, username: &str, email: &str) -> Result<(), String> {
    let account = NewAccount {
        username: username.to_owned(),
        email: email.to_owned(),
        ..NewAccount::default()
    };
    let made = create_user(&site.door, account).await;
    made.map(drop).map_err(|error| error.to_string())
}

/// A second `ALICE` would take the name from both in every other spelling.
#[tokio::test]
async fn nobody_gets_the_name_of_another_where_case_is_ignored() {
    let taken = Err("A user with that username already exists.".to_owned());
    let site = chain(vec![Arc::new(CaseInsensitiveModelBackend)]);
    for name in ["alice", "Alice", "ALICE", "ａlice"] {
        assert_eq!(created(&site, name, "").await, taken, "{name}");
    }
    assert_eq!(created(&site, "alice2", "alice@example.com").await, Ok(()));
    let exact = chain(vec![Arc::new(ModelBackend)]);
    assert_eq!(created(&exact, "alice", "").await, taken);
    assert_eq!(created(&exact, "Alice", "alice@example.com").await, Ok(()));
}

#[tokio::test]
async fn nobody_gets_the_address_of_another_where_it_is_a_name() {
    let taken = Err("A user with that email address already exists.".to_owned());
    let site = chain(vec![Arc::new(ModelBackend), Arc::new(EmailBackend)]);
    for email in ["alice@example.com", "ALICE@EXAMPLE.com"] {
        assert_eq!(created(&site, "dora", email).await, taken, "{email}");
    }
    let name = created(&site, "Alice@Example.com", "").await;
    assert_eq!(name, Err("A user with that username already exists.".to_owned()));
    assert_eq!(created(&site, "erna@example.com", "").await, Ok(()));
    assert_eq!(created(&site, "fred", "erna@example.com").await, taken);
    for name in ["Alice", "gina"] {
        assert_eq!(created(&site, name, "").await, Ok(()), "no address is nobody's");
    }
}

/// A clock that shows one reading after the other.
#[derive(Debug)]
struct Readings(Mutex<VecDeque<u64>>);

impl Clock for Readings {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(1_700_000_000)
    }

    fn monotonic(&self) -> Timestamp {
        let milliseconds = self.0.lock().unwrap().pop_front().unwrap_or_default();
        Timestamp::from_micros(0).saturating_add(Duration::from_millis(milliseconds))
    }
}

/// A hash of a slow kind, a quick one, a name that nobody has, an account that is closed: all refusals take as long.
#[tokio::test]
async fn refusals_take_as_long_as_the_slowest_kind_of_hash() {
    let readings = [0, 400, 0, 100, 0, 10, 0, 100, 0, 350];
    let clock = Arc::new(Readings(Mutex::new(readings.into())));
    let site = Site::given(settings(), |builder| builder.clock(clock));
    let slow = Hashers::new(vec![Algorithm::Pbkdf2Sha1]).unwrap();
    let parameters = Parameters {
        pbkdf2_sha1: 1,
        ..Parameters::default()
    };
    let slow = slow.with_parameters(parameters).unwrap();
    let slow = Secret::new(slow.make_password(PASSWORD, &[7; 88]).unwrap());
    site.memory
        .change_user(&UserId::Int(3), |row| row.password = slow);
    // What is slept at least, in milliseconds, beside what the hashes took.
    for (name, password, slept) in [
        ("bob", "wrong", 50),
        ("nobody", PASSWORD, 350),
        ("alice", "wrong", 440),
        ("carol", PASSWORD, 350),
    ] {
        let began = tokio::time::Instant::now();
        assert_eq!(who(&site, name, password).await, None);
        assert!(began.elapsed() >= Duration::from_millis(slept), "{name}");
    }
    let began = tokio::time::Instant::now();
    assert!(who(&site, "alice", PASSWORD).await.is_some());
    assert!(
        began.elapsed() < Duration::from_millis(300),
        "who is let in does not wait"
    );
}
