//! What subscribers hear, and that none of them can break a request.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod browser;

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use browser::log::Log;
use browser::{PASSWORD, Site, settings};
use doorward_auth::accounts::{self, NewAccount, create_superuser, create_user};
use doorward_auth::authtoken;
use doorward_auth::authtoken::TokenSettings;
use doorward_core::answer::Answer;
use doorward_core::assembly::DoorBuilder;
use doorward_core::settings::Settings;
use doorward_core::signals::{Event, Subscriber, SubscriberError, TokenName};
use doorward_core::{Door, UserId};
use doorward_django::secret::Secret;
use http::StatusCode;
use serde_json::json;

/// Everything that was heard.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<Event>>>);

impl Heard {
    fn listen(&self, builder: DoorBuilder) -> DoorBuilder {
        let heard = self.clone();
        builder.on(move |event| heard.0.lock().unwrap().push(event.clone()))
    }

    /// What was heard since the last call, in words.
    fn words(&self) -> Vec<String> {
        let events = std::mem::take(&mut *self.0.lock().unwrap());
        events.iter().map(words).collect()
    }
}

fn words(event: &Event) -> String {
    let about = match event {
        Event::LoggedIn { user } | Event::UserCreated { user } | Event::PasswordChanged { user } => {
            user.username.clone()
        }
        Event::LoggedOut { user } => user.as_ref().map_or("nobody", |user| &user.username).to_owned(),
        Event::LoginFailed { credentials, .. } => format!("{credentials:?}"),
        Event::TokenIssued { user, token } => format!("{} {}", user.username, kind(token)),
        Event::TokenRevoked { user, token } => {
            let user = user.as_ref().map_or("nobody", |user| &user.username);
            format!("{user} {}", kind(token))
        }
        _ => String::new(),
    };
    format!("{} {about}", event.name())
}

fn kind(token: &TokenName) -> String {
    match token {
        TokenName::Opaque => "opaque".to_owned(),
        TokenName::Jwt { token_type, jti } => {
            assert!(jti.is_some());
            token_type.class_name().to_owned()
        }
        _ => String::new(),
    }
}

fn site(settings: Settings) -> (Site, Heard) {
    let heard = Heard::default();
    let site = Site::given(settings, |builder| heard.listen(builder));
    (site, heard)
}

fn failed(username: &str) -> String {
    let stars = "*".repeat(20);
    format!("LoginFailed {{\"password\": \"{stars}\", \"username\": {username:?}}}")
}

#[tokio::test]
async fn logins_are_heard_of_at_every_path() {
    let (site, heard) = site(settings());
    let mut browser = site.logged_in("alice").await;
    assert_eq!(heard.words(), ["LoggedIn alice"]);
    browser.post("/api-auth/logout/", &json!({})).await;
    assert_eq!(heard.words(), ["LoggedOut alice"]);
    browser.post("/api-auth/logout/", &json!({})).await;
    assert_eq!(heard.words(), ["LoggedOut nobody"]);
    let mut browser = site.browser();
    browser.log_in("alice", "hunter2").await;
    assert_eq!(heard.words(), [failed("alice")]);
    let body = json!({ "username": "bob", "password": "hunter2" });
    for path in [
        "/api-auth/login/",
        "/api-token-auth/",
        "/api/token/",
        "/api/token/sliding/",
    ] {
        let page = browser.post(path, &body).await;
        assert!(page.status.is_client_error(), "{path}");
        assert_eq!(heard.words(), [failed("bob")], "{path}");
    }
    let header = format!("Basic {}", STANDARD.encode("carol:hunter2"));
    let headers = [("authorization", header.as_str())];
    browser.send("GET", "/api/profile/", &headers, "").await;
    assert_eq!(heard.words(), [failed("carol")]);
}

#[tokio::test]
async fn a_padded_password_is_one_attempt() {
    let (site, heard) = site(settings());
    let body = json!({ "username": "alice", "password": " wrong " });
    site.browser().post("/api/token/", &body).await;
    assert_eq!(heard.words(), [failed("alice")]);
    let body = json!({ "username": "alice", "password": format!(" {PASSWORD} ") });
    let page = site.browser().post("/api/token/", &body).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        heard
            .words()
            .iter()
            .all(|words| !words.starts_with("LoginFailed"))
    );
}

#[tokio::test]
async fn opaque_tokens_are_heard_of_when_they_are_made_and_when_they_fall() {
    let (site, heard) = site(settings());
    let body = json!({ "username": "alice", "password": PASSWORD });
    for expected in [vec!["TokenIssued alice opaque"], vec![]] {
        site.browser().post("/api-token-auth/", &body).await;
        assert_eq!(heard.words(), expected);
    }
    let users = &site.door.stores().users;
    let alice = users.by_username("alice").await.unwrap().unwrap();
    for expected in [vec!["TokenRevoked alice opaque"], vec![]] {
        authtoken::revoke_auth_token(&site.door, &alice).await.unwrap();
        assert_eq!(heard.words(), expected);
    }
}

#[tokio::test]
async fn new_users_and_passwords_are_heard_of() {
    let (site, heard) = site(settings());
    let account = |name: &str| NewAccount {
        username: name.to_owned(),
        ..NewAccount::default()
    };
    let dave = create_user(&site.door, account("dave")).await.unwrap();
    create_superuser(&site.door, account("erin")).await.unwrap();
    create_user(&site.door, account("erin")).await.unwrap_err();
    assert_eq!(heard.words(), ["UserCreated dave", "UserCreated erin"]);
    let password = Secret::new("another-one-7".to_owned());
    accounts::set_password(&site.door, &dave, &password)
        .await
        .unwrap();
    assert_eq!(heard.words(), ["PasswordChanged dave"]);
}

#[tokio::test]
async fn each_new_user_gets_a_token_where_the_settings_say_so() {
    let mut settings = settings();
    settings.section_mut::<TokenSettings>().auto_create = true;
    let (site, heard) = site(settings);
    let account = NewAccount {
        username: "dave".to_owned(),
        password: Some(Secret::new(PASSWORD.to_owned())),
        ..NewAccount::default()
    };
    let dave = create_user(&site.door, account).await.unwrap();
    // The token is there before anybody else hears of the user.
    assert_eq!(heard.words(), ["TokenIssued dave opaque", "UserCreated dave"]);
    let body = json!({ "username": "dave", "password": PASSWORD });
    let page = site.browser().post("/api-token-auth/", &body).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(heard.words().is_empty(), "the same token again");
    assert!(site.door.stores().auth_tokens.delete(&dave.id).await.unwrap());
}

/// Fails in every way there is.
struct Broken(u8);

impl Subscriber for Broken {
    fn receive<'a>(&'a self, _: &'a Door, _: &'a Event) -> Answer<'a, Result<(), SubscriberError>> {
        match self.0 {
            0 => panic!("at once"),
            1 => Answer::pending(async { panic!("later") }),
            2 => Answer::ready(Err("failed at once".into())),
            _ => Answer::pending(async { Err("failed later".into()) }),
        }
    }
}

#[tokio::test]
async fn a_subscriber_that_fails_breaks_nothing() {
    let heard = Heard::default();
    let site = Site::given(settings(), |builder| {
        let broken = (0..4).fold(builder, |builder, way| builder.subscribe(Broken(way)));
        heard.listen(broken.on(|_| panic!("a closure")))
    });
    let log = Log::start();
    let mut browser = site.logged_in("alice").await;
    assert_eq!(browser.get("/dashboard/").await.text, "alice");
    assert_eq!(heard.words(), ["LoggedIn alice"]);
    let errors: Vec<_> = log
        .lines()
        .into_iter()
        .filter(|line| line.starts_with("ERROR"))
        .collect();
    assert_eq!(errors.len(), 5, "{errors:?}");
    assert!(errors.iter().all(|line| line.contains("LoggedIn")));
}

#[tokio::test]
async fn no_event_holds_a_secret() {
    let (site, heard) = site(settings());
    let body = json!({ "username": "alice", "password": PASSWORD });
    site.logged_in("alice").await;
    site.browser().post("/api-token-auth/", &body).await;
    let pair = site.browser().post("/api/token/", &body).await.json();
    let blacklisted = site
        .browser()
        .post("/api/token/blacklist/", &json!({ "refresh": pair["refresh"] }))
        .await;
    assert_eq!(blacklisted.status, StatusCode::OK, "{}", blacklisted.text);
    let id = UserId::Int(2);
    let alice = site.door.stores().users.by_id(&id).await.unwrap().unwrap();
    let token = authtoken::obtain_auth_token(&site.door, &alice).await.unwrap();
    let shown = format!("{:?}", heard.0.lock().unwrap());
    assert!(
        shown.contains("TokenRevoked") && shown.contains("token_type: Refresh"),
        "{shown}"
    );
    let secrets = [
        PASSWORD,
        alice.password.expose(),
        token.key.expose(),
        pair["refresh"].as_str().unwrap(),
        pair["access"].as_str().unwrap(),
    ];
    for secret in secrets {
        assert!(!shown.contains(secret));
    }
}
