//! Logging in and out, and what a login writes.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod browser;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use browser::log::Log;
use browser::{NOW, PASSWORD, Site, encoded, settings, user};
use doorward_auth::accounts::{authenticate, validate_password};
use doorward_core::UserId;
use doorward_core::answer::Answer;
use doorward_core::stores::{
    Created, NewUser, Outage, StoreAnswer, StoreError, Stores, UserField, UserStore,
};
use doorward_core::user::UserRow;
use doorward_django::passwords::{Algorithm, Hashers, Parameters};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_testing::TestDatabase;
use http::StatusCode;
use serde_json::json;

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

/// A hash of another algorithm than the preferred one.
fn old_hash(password: &str) -> Secret<String> {
    let parameters = Parameters {
        pbkdf2_sha256: 10,
        ..Parameters::default()
    };
    let hashers = Hashers::new(vec![Algorithm::Pbkdf2Sha256]).unwrap();
    let hashers = hashers.with_parameters(parameters).unwrap();
    Secret::new(hashers.make_password(password, &[3; 88]).unwrap())
}

async fn row(site: &Site, id: i64) -> Arc<UserRow> {
    let users = &site.door.stores().users;
    users.by_id(&UserId::Int(id)).await.unwrap().unwrap()
}

/// Users whose upgrade does something of its own.
#[derive(Debug)]
struct Racing {
    users: Arc<dyn UserStore>,
    race: Race,
    upgrades: AtomicUsize,
}

#[derive(Clone, Copy, Debug)]
enum Race {
    ReadOnly,
    AnotherPassword,
    SameUpgrade,
    Deleted,
}

impl UserStore for Racing {
    fn by_id<'a>(&'a self, id: &'a UserId) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        match self.race {
            Race::Deleted => Answer::ready(Ok(None)),
            _ => self.users.by_id(id),
        }
    }

    fn by_username<'a>(&'a self, username: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        assert!(!username.contains('\0'), "no database is asked for NUL");
        self.users.by_username(username)
    }

    fn by_field<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        self.users.by_field(field, value)
    }

    fn by_field_ignoring_case<'a>(
        &'a self,
        field: UserField,
        value: &'a str,
    ) -> StoreAnswer<'a, Vec<Arc<UserRow>>> {
        self.users.by_field_ignoring_case(field, value)
    }

    fn parse_id(&self, text: &str) -> Option<UserId> {
        self.users.parse_id(text)
    }

    fn create(&self, user: NewUser) -> StoreAnswer<'_, Created> {
        self.users.create(user)
    }

    fn set_password<'a>(&'a self, id: &'a UserId, encoded: Secret<String>) -> StoreAnswer<'a, ()> {
        self.users.set_password(id, encoded)
    }

    fn upgrade_password<'a>(
        &'a self,
        id: &'a UserId,
        from: &'a Secret<String>,
        to: Secret<String>,
    ) -> StoreAnswer<'a, bool> {
        self.upgrades.fetch_add(1, Ordering::SeqCst);
        let password = match self.race {
            Race::ReadOnly => {
                return Answer::ready(Err(StoreError::new("cannot write", Outage::Lasting, "read-only")));
            }
            Race::AnotherPassword => encoded("changed meanwhile"),
            Race::SameUpgrade => encoded(PASSWORD),
            Race::Deleted => return Answer::ready(Ok(false)),
        };
        Answer::pending(async move {
            self.users.set_password(id, Secret::new(password)).await?;
            self.users.upgrade_password(id, from, to).await
        })
    }

    fn set_last_login<'a>(&'a self, id: &'a UserId, at: Timestamp) -> StoreAnswer<'a, ()> {
        self.users.set_last_login(id, at)
    }

    fn is_empty(&self) -> StoreAnswer<'_, bool> {
        self.users.is_empty()
    }
}

fn racing_site(race: Race) -> Site {
    let memory = TestDatabase::new();
    let stores = memory.stores();
    let racing = Racing {
        users: Arc::clone(&stores.users),
        race,
        upgrades: AtomicUsize::new(0),
    };
    let stores = Stores {
        users: Arc::new(racing),
        ..stores
    };
    let site = Site::on(settings(), memory, stores, |router| router);
    site.memory.add_user(UserRow {
        password: old_hash(PASSWORD),
        ..user(9, "old")
    });
    site
}

#[tokio::test]
async fn only_the_active_user_of_that_very_name_and_password_is_authenticated() {
    let site = Site::new();
    let found = authenticate(&site.door, "alice", &secret(PASSWORD))
        .await
        .unwrap();
    assert_eq!(found.unwrap().username, "alice");
    for (username, password) in [
        ("alice", "wrong"),
        ("alice", ""),
        ("Alice", PASSWORD),
        ("alice ", PASSWORD),
        ("carol", PASSWORD),
        ("nobody", PASSWORD),
        ("", ""),
        ("alice\0", PASSWORD),
        ("alice", "wonderland-42\0"),
        ("alice", " wonderland-42"),
    ] {
        let found = authenticate(&site.door, username, &secret(password))
            .await
            .unwrap();
        assert!(found.is_none(), "{username:?} {password:?}");
    }
}

#[tokio::test]
async fn no_database_is_asked_for_a_name_with_nul() {
    let site = racing_site(Race::ReadOnly);
    assert!(
        authenticate(&site.door, "a\0", &secret("x"))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn an_old_hash_is_upgraded_by_the_right_password_only() {
    let site = Site::new();
    site.memory.add_user(UserRow {
        password: old_hash(PASSWORD),
        ..user(9, "old")
    });
    assert!(
        authenticate(&site.door, "old", &secret("wrong"))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        row(&site, 9)
            .await
            .password
            .expose()
            .starts_with("pbkdf2_sha256$10$")
    );
    let found = authenticate(&site.door, "old", &secret(PASSWORD))
        .await
        .unwrap()
        .unwrap();
    let stored = row(&site, 9).await;
    assert!(stored.password.expose().starts_with("md5$"));
    assert_eq!(found.password.expose(), stored.password.expose());
    assert!(
        authenticate(&site.door, "old", &secret(PASSWORD))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(row(&site, 9).await.password.expose(), stored.password.expose());
}

#[tokio::test]
async fn a_login_with_an_upgrade_opens_a_session_that_lasts() {
    let site = Site::new();
    site.memory.add_user(UserRow {
        password: old_hash(PASSWORD),
        ..user(9, "old")
    });
    let mut old = site.logged_in("old").await;
    assert_eq!(old.get("/dashboard/").await.text, "old");
}

#[tokio::test]
async fn a_database_that_cannot_be_written_lets_the_user_in_and_says_so() {
    let site = racing_site(Race::ReadOnly);
    let log = Log::start();
    assert!(
        authenticate(&site.door, "old", &secret(PASSWORD))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(log.warnings().len(), 1, "{:?}", log.lines());
    assert!(log.warnings()[0].contains("could not be upgraded"));
}

#[tokio::test]
async fn a_password_changed_meanwhile_is_neither_undone_nor_passed_by() {
    let site = racing_site(Race::AnotherPassword);
    assert!(
        authenticate(&site.door, "old", &secret(PASSWORD))
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(
        row(&site, 9).await.password.expose(),
        &encoded("changed meanwhile")
    );
}

#[tokio::test]
async fn the_upgrade_of_another_login_is_as_good_as_ours() {
    let site = racing_site(Race::SameUpgrade);
    let found = authenticate(&site.door, "old", &secret(PASSWORD))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.password.expose(), &encoded(PASSWORD));
}

#[tokio::test]
async fn a_user_deleted_meanwhile_is_not_authenticated() {
    let site = racing_site(Race::Deleted);
    assert!(
        authenticate(&site.door, "old", &secret(PASSWORD))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_hash_that_cannot_be_used_refuses_and_is_reported_without_being_shown() {
    let site = Site::new();
    for hash in [
        "",
        "canary",
        "md5$$canary",
        "pbkdf2_sha256$many$canary$x",
        "pbkdf2_sha256$999999999$canary$x",
        "sha1$canary$x",
    ] {
        site.memory
            .change_user(&UserId::Int(2), |row| row.password = secret(hash));
        let log = Log::start();
        assert!(
            authenticate(&site.door, "alice", &secret("hunter2"))
                .await
                .unwrap()
                .is_none()
        );
        let lines = beside_the_failure(&log);
        assert_eq!(lines.len(), 1, "{hash}: {lines:?}");
        assert!(
            lines[0].contains("user.id=2") && !lines[0].contains("canary"),
            "{lines:?}"
        );
    }
    for hash in ["!canary", &encoded("other")] {
        site.memory
            .change_user(&UserId::Int(2), |row| row.password = secret(hash));
        let log = Log::start();
        assert!(
            authenticate(&site.door, "alice", &secret("hunter2"))
                .await
                .unwrap()
                .is_none()
        );
        assert!(beside_the_failure(&log).is_empty(), "{:?}", log.lines());
    }
}

/// What is logged beside the one line that each failed login is.
fn beside_the_failure(log: &Log) -> Vec<String> {
    let (failed, others): (Vec<_>, Vec<_>) = log
        .lines()
        .into_iter()
        .partition(|line| line.contains("login failed"));
    assert_eq!(failed, [r#"WARN message=login failed user.id="2""#]);
    others
}

#[tokio::test]
async fn a_session_login_sets_last_login_and_a_refused_one_does_not() {
    let site = Site::new();
    site.browser().log_in("alice", "wrong").await;
    assert_eq!(row(&site, 2).await.last_login, None);
    site.logged_in("alice").await;
    assert_eq!(row(&site, 2).await.last_login, Some(Timestamp::from_secs(NOW)));
}

#[tokio::test]
async fn the_form_is_a_page_that_no_cache_keeps() {
    let site = Site::new();
    let mut browser = site.browser();
    let page = browser.get("/api-auth/login/?next=/home/").await;
    assert!(page.is_html());
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(
        page.header("cache-control"),
        "max-age=0, no-cache, no-store, must-revalidate, private"
    );
    assert_eq!(page.header("expires"), "Tue, 14 Nov 2023 22:13:20 GMT");
    assert_eq!(page.header("vary"), "Cookie, origin");
    assert!(page.text.contains("name=\"next\" value=\"/home/\""));
    for evil in [
        "//evil.example/",
        "https://evil.example/",
        "javascript:alert(1)",
        "\\\\evil",
    ] {
        let page = browser.get(&format!("/api-auth/login/?next={evil}")).await;
        assert!(page.text.contains("name=\"next\" value=\"\""), "{evil}");
    }
}

#[tokio::test]
async fn a_refused_login_shows_the_form_again() {
    let site = Site::new();
    let mistaken =
        "Please enter a correct username and password. Note that both fields may be case-sensitive.";
    for (username, password, expected) in [
        ("alice", "wrong", mistaken),
        ("carol", PASSWORD, mistaken),
        ("nobody", "x", mistaken),
        ("", "", "This field is required."),
        ("alice", "", "This field is required."),
        ("   ", "x", "This field is required."),
        ("a\0", "x", "Null characters are not allowed."),
    ] {
        let mut browser = site.browser();
        let page = browser.log_in(username, password).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(
            page.is_html() && page.text.contains(expected),
            "{username}: {}",
            page.text
        );
        assert!(browser.session().is_none());
    }
    let page = site.browser().log_in("\"><script>", "p4ss-canary").await;
    assert!(!page.text.contains("<script>") && !page.text.contains("p4ss-canary"));
}

#[tokio::test]
async fn what_is_no_form_is_an_empty_one() {
    let site = Site::new();
    let mut browser = site.browser();
    browser.get("/api-auth/login/").await;
    let token = browser.csrf();
    for content_type in ["text/plain", ""] {
        let headers = [("x-csrftoken", token.as_str()), ("content-type", content_type)];
        let page = browser
            .send("POST", "/api-auth/login/", &headers, "username=alice")
            .await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.text.matches("This field is required.").count(), 2);
    }
}

#[tokio::test]
async fn where_too_many_wait_a_login_is_told_to_come_back() {
    let mut settings = settings();
    settings.passwords.hashers = vec!["pbkdf2_sha256".to_owned()];
    settings.passwords.workers = Some(1);
    settings.passwords.queue = 0;
    let site = Site::with(settings);
    let mut script = site.browser();
    script.get("/api-auth/login/").await;
    let password = secret("any");
    let mut busy = Box::pin(site.door.passwords().dummy(&password));
    assert!(futures_util::future::poll_immediate(&mut busy).await.is_none());
    let page = script
        .post(
            "/api-auth/login/",
            &json!({"username": "alice", "password": PASSWORD}),
        )
        .await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.header("retry-after"), "1");
    assert_eq!(script.get("/dashboard/").await.status, StatusCode::FORBIDDEN);
    busy.await.unwrap();
}

#[tokio::test]
async fn a_login_leads_to_a_safe_address_only() {
    let site = Site::new();
    for (next, expected) in [
        ("/home/", "/home/"),
        ("http://localhost/home/", "http://localhost/home/"),
        ("", "/accounts/profile/"),
        ("//evil.example/", "/accounts/profile/"),
        ("https://evil.example/", "/accounts/profile/"),
        ("/é?a=b c", "/%C3%A9?a=b%20c"),
    ] {
        let mut browser = site.browser();
        browser.get("/api-auth/login/").await;
        let token = browser.csrf();
        let fields = [
            ("username", " alice "),
            ("password", PASSWORD),
            ("next", next),
            ("csrfmiddlewaretoken", &token),
        ];
        let page = browser
            .submit("/api-auth/login/?next=/from-query/", &fields)
            .await;
        assert_eq!(
            (page.status, page.header("location")),
            (StatusCode::FOUND, expected),
            "{next}"
        );
        assert!(page.is_html());
    }
}

#[tokio::test]
async fn a_script_logs_in_with_json() {
    let site = Site::new();
    let mut script = site.browser();
    script.get("/api-auth/login/").await;
    for (body, expected) in [
        (
            json!({"username": "alice", "password": "wrong"}),
            json!({"non_field_errors": ["Unable to log in with provided credentials."]}),
        ),
        (
            json!({"username": "alice"}),
            json!({"password": ["This field is required."]}),
        ),
        (
            json!([]),
            json!({"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}),
        ),
    ] {
        let page = script.post("/api-auth/login/", &body).await;
        assert_eq!((page.status, page.json()), (StatusCode::BAD_REQUEST, expected));
        assert!(script.session().is_none());
    }
    let page = script
        .post(
            "/api-auth/login/",
            &json!({"username": "alice", "password": PASSWORD}),
        )
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text, r#"{"username":"alice","email":"alice@example.com"}"#);
    assert!(page.header("cache-control").contains("no-store"));
    assert_eq!(script.get("/dashboard/").await.text, "alice");
}

#[tokio::test]
async fn logging_out_is_a_post() {
    let site = Site::new();
    let mut alice = site.logged_in("alice").await;
    let page = alice.get("/api-auth/logout/").await;
    assert_eq!(
        (page.status, page.header("allow")),
        (StatusCode::METHOD_NOT_ALLOWED, "POST, OPTIONS")
    );
    assert_eq!(alice.get("/dashboard/").await.status, StatusCode::OK);
    let token = alice.csrf();
    let page = alice
        .submit("/api-auth/logout/", &[("csrfmiddlewaretoken", &token)])
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.is_html() && page.text.contains("Logged out"));
    assert!(alice.session().is_none());
    assert_eq!(alice.get("/dashboard/").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_browser_that_would_log_out_by_get_is_shown_the_button() {
    let site = Site::new();
    let mut alice = site.logged_in("alice").await;
    let browser = [("accept", "text/html,*/*;q=0.8")];
    let page = alice
        .send("GET", "/api-auth/logout/?next=/home/", &browser, "")
        .await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(
        page.text
            .contains(r#"<form method="post" action="/api-auth/logout/">"#),
        "{}",
        page.text
    );
    assert!(page.text.contains(r#"name="next" value="/home/""#));
    assert_eq!(
        alice.get("/dashboard/").await.status,
        StatusCode::OK,
        "it is only asked"
    );
    let token = page
        .text
        .split("name=\"csrfmiddlewaretoken\" value=\"")
        .nth(1)
        .unwrap();
    let token = token.split('"').next().unwrap();
    let fields = [("csrfmiddlewaretoken", token), ("next", "/home/")];
    let page = alice.submit("/api-auth/logout/", &fields).await;
    assert_eq!(
        (page.status, page.header("location")),
        (StatusCode::FOUND, "/home/")
    );
    let page = alice
        .send(
            "PUT",
            "/api-auth/login/",
            &[("accept", "text/html"), ("x-csrftoken", token)],
            "",
        )
        .await;
    assert!(page.text.contains("<h1>Method Not Allowed</h1>"), "{}", page.text);
}

#[tokio::test]
async fn the_settings_say_where_a_login_and_a_logout_lead() {
    let mut settings = settings();
    settings.session.login_redirect = Some("/home/".to_owned());
    settings.session.logout_redirect = Some("https://www.example.com/bye".to_owned());
    let site = Site::with(settings);
    let mut alice = site.browser();
    assert_eq!(alice.log_in("alice", PASSWORD).await.header("location"), "/home/");
    let token = alice.csrf();
    let page = alice
        .submit("/api-auth/logout/", &[("csrfmiddlewaretoken", &token)])
        .await;
    assert_eq!(
        (page.status, page.header("location")),
        (StatusCode::FOUND, "https://www.example.com/bye")
    );
}

#[test]
fn what_is_no_place_to_go_stops_the_start() {
    for place in [
        "",
        "home/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "https://",
        "/a\nb",
    ] {
        let mut login = settings();
        login.session.login_redirect = Some(place.to_owned());
        assert_eq!(
            login.validate().unwrap_err().key(),
            "session.login_redirect",
            "{place}"
        );
        let mut logout = settings();
        logout.session.logout_redirect = Some(place.to_owned());
        assert_eq!(
            logout.validate().unwrap_err().key(),
            "session.logout_redirect",
            "{place}"
        );
    }
}

#[tokio::test]
async fn the_form_leads_the_eye_and_the_screen_reader_to_what_is_wrong() {
    let site = Site::new();
    let wrong = r#"aria-invalid="true" aria-describedby="#;
    for (username, password, focused, described) in [
        ("alice", "wrong", "id_password", &["form_error", "form_error"][..]),
        ("", "x", "id_username", &["username_error"]),
        ("alice", "", "id_password", &["password_error"]),
        ("", "", "id_username", &["username_error", "password_error"]),
    ] {
        let page = site.browser().log_in(username, password).await;
        let inputs = page
            .text
            .split("<input")
            .filter(|input| input.contains(" autofocus"));
        let ids: Vec<_> = inputs
            .map(|input| input.contains(&format!(r#"id="{focused}""#)))
            .collect();
        assert_eq!(ids, [true], "{}", page.text);
        for id in described {
            assert!(page.text.contains(&format!(r#"{wrong}"{id}""#)), "{}", page.text);
            assert!(page.text.contains(&format!(r#"id="{id}""#)), "{}", page.text);
        }
        assert_eq!(page.text.matches(wrong).count(), described.len());
    }
    let page = site.browser().get("/api-auth/login/").await;
    assert!(!page.text.contains("aria-invalid"));
}

#[tokio::test]
async fn logging_out_leads_to_a_safe_address_only() {
    let site = Site::new();
    for (next, status, location) in [
        ("/home/", StatusCode::FOUND, "/home/"),
        ("https://evil.example/", StatusCode::OK, ""),
    ] {
        let mut alice = site.logged_in("alice").await;
        let token = alice.csrf();
        let fields = [("next", next), ("csrfmiddlewaretoken", token.as_str())];
        let page = alice.submit("/api-auth/logout/", &fields).await;
        assert_eq!((page.status, page.header("location")), (status, location));
        assert!(alice.session().is_none());
    }
}

#[tokio::test]
async fn no_secret_of_a_login_is_logged() {
    let site = Site::new();
    let log = Log::start();
    let mut alice = site.logged_in("alice").await;
    let (key, token) = (alice.session().unwrap().to_owned(), alice.csrf());
    alice.send("POST", "/dashboard/", &[], "").await;
    alice.post("/api-auth/logout/", &json!({})).await;
    let text = log.lines().join("\n");
    assert!(
        text.contains("logged in") && text.contains("CSRF token missing."),
        "{text}"
    );
    for canary in [PASSWORD, key.as_str(), token.as_str(), encoded(PASSWORD).as_str()] {
        assert!(!text.contains(canary), "{text}");
    }
}

#[tokio::test]
async fn a_new_password_has_at_most_4096_characters() {
    let site = Site::new();
    let user = site
        .door
        .stores()
        .users
        .by_username("alice")
        .await
        .unwrap()
        .unwrap();
    let (door, owner) = (&site.door, (&*user).into());
    let judge = async |length: usize| {
        let password = Secret::new("ä1-b".repeat(length / 4));
        validate_password(&password, owner, door).await.unwrap()
    };
    assert_eq!(judge(4096).await, Ok(()));
    let errors = judge(4100).await.unwrap_err();
    let told: Vec<_> = errors
        .iter()
        .map(|error| (error.message.as_str(), error.code))
        .collect();
    assert_eq!(
        told,
        [(
            "Ensure this field has no more than 4096 characters.",
            "max_length"
        )]
    );
}
