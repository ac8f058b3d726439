//! Changing a password, and resetting one that was forgotten.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod browser;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use browser::log::Log;
use browser::{Browser, PASSWORD, Page, Site, settings, user};
use doorward_auth::accounts::{
    self, CreateUserError, NewAccount, PasswordChange, create_superuser, create_user,
};
use doorward_auth::mail::{EmailMessage, MailError, MailSettings, Mailer};
use doorward_auth::mail::{MailBuilderExt, MailDoorExt};
use doorward_core::answer::Answer;
use doorward_core::settings::Settings;
use doorward_core::user::UserRow;
use doorward_core::{Door, UserId};
use doorward_django::secret::Secret;
use doorward_testing::TestDatabase;
use http::StatusCode;
use serde_json::{Value, json};

const CHANGE: &str = "/api/password/change/";
const RESET: &str = "/api/password/reset/";
const CONFIRM: &str = "/api/password/reset/confirm/";
const NEW: &str = "rabbit-hole-7";

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn change(old: &str, new: &str) -> Value {
    json!({ "old_password": old, "new_password": new })
}

fn refused(page: &Page, field: &str, sentences: &[&str]) {
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{}", page.text);
    assert_eq!(page.json(), json!({ field: sentences }));
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let site = Site::new();
    let (mut here, mut there) = (site.logged_in("alice").await, site.logged_in("alice").await);
    let before = here.session().unwrap().to_owned();
    let page = here.post(CHANGE, &change(PASSWORD, NEW)).await;
    assert_eq!(
        (page.status, page.detail().as_str()),
        (StatusCode::OK, "New password has been saved.")
    );
    assert_eq!(page.header("cache-control"), "no-store");
    assert_ne!(here.session().unwrap(), before, "the key is a new one");
    assert_eq!(here.get("/dashboard/").await.text, "alice");
    assert_eq!(there.get("/dashboard/").await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        site.browser().log_in("alice", NEW).await.status,
        StatusCode::FOUND
    );
    assert_eq!(
        site.browser().log_in("alice", PASSWORD).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_change_is_told_in_django_s_words() {
    let site = Site::new();
    let mut alice = site.logged_in("alice").await;
    let wrong = "Your old password was entered incorrectly. Please enter it again.";
    refused(
        &alice.post(CHANGE, &change("wrong", NEW)).await,
        "old_password",
        &[wrong],
    );
    refused(
        &alice.post(CHANGE, &change(PASSWORD, "12345")).await,
        "new_password",
        &[
            "This password is too short. It must contain at least 8 characters.",
            "This password is too common.",
            "This password is entirely numeric.",
        ],
    );
    refused(
        &alice.post(CHANGE, &change(PASSWORD, "alice@example.com")).await,
        "new_password",
        &["The password is too similar to the email address."],
    );
    let required = ["This field is required."];
    let page = alice.post(CHANGE, &json!({})).await;
    assert_eq!(
        page.json(),
        json!({ "old_password": required, "new_password": required })
    );
    assert_eq!(
        site.browser().log_in("alice", PASSWORD).await.status,
        StatusCode::FOUND
    );
}

#[tokio::test]
async fn only_callers_who_are_known_and_meant_it_change_a_password() {
    let site = Site::new();
    let page = site.browser().post(CHANGE, &change(PASSWORD, NEW)).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    let mut alice = site.logged_in("alice").await;
    let json_only = [("content-type", "application/json")];
    let body = change(PASSWORD, NEW).to_string();
    let page = alice.send("POST", CHANGE, &json_only, body.clone()).await;
    assert!(page.detail().starts_with("CSRF Failed"), "{}", page.text);
    let basic = format!("Basic {}", STANDARD.encode(format!("bob:{PASSWORD}")));
    let headers = [("content-type", "application/json"), ("authorization", &basic)];
    let page = site.browser().send("POST", CHANGE, &headers, body).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert_eq!(site.browser().log_in("bob", NEW).await.status, StatusCode::FOUND);
}

#[tokio::test]
async fn of_two_changes_at_once_one_is_too_late() {
    let site = Site::new();
    let id = UserId::Int(2);
    let (old, one, two) = (secret(PASSWORD), secret("first-one-77"), secret("second-one-77"));
    let (first, second) = tokio::join!(
        accounts::change_password(&site.door, &id, &old, &one),
        accounts::change_password(&site.door, &id, &old, &two),
    );
    let done = [first.unwrap(), second.unwrap()].map(|change| matches!(change, PasswordChange::Done(_)));
    assert_ne!(done[0], done[1]);
}

#[tokio::test]
async fn the_opaque_token_falls_with_the_password_where_the_settings_say_so() {
    for revoke in [false, true] {
        let mut settings = settings();
        settings.passwords.revoke_tokens_on_change = revoke;
        let site = Site::with(settings);
        let login = json!({ "username": "alice", "password": PASSWORD });
        let token = site.browser().post("/api-token-auth/", &login).await.json();
        site.logged_in("alice")
            .await
            .post(CHANGE, &change(PASSWORD, NEW))
            .await;
        let header = format!("Token {}", token["token"].as_str().unwrap());
        let headers = [("authorization", header.as_str())];
        let page = site.browser().send("GET", "/api/profile/", &headers, "").await;
        assert_eq!(page.status == StatusCode::OK, !revoke, "{}", page.text);
    }
}

/// Keeps e-mails instead of sending them.
#[derive(Clone, Debug, Default)]
struct Outbox(Arc<Mutex<Vec<EmailMessage>>>);

impl Mailer for Outbox {
    fn send<'a>(&'a self, email: &'a EmailMessage) -> Answer<'a, Result<(), MailError>> {
        if email.to.starts_with("bob") {
            return Answer::ready(Err("the post is on strike".into()));
        }
        self.0.lock().unwrap().push(email.clone());
        Answer::ready(Ok(()))
    }
}

impl Outbox {
    /// The one e-mail that is there, once all that are on their way have arrived.
    async fn email(&self, site: &Site) -> Option<EmailMessage> {
        site.door.finish_emails().await;
        let mut emails = self.0.lock().unwrap();
        assert!(emails.len() < 2, "{emails:?}");
        emails.pop()
    }
}

fn mailing() -> (Site, Outbox) {
    let mut settings = settings();
    settings.section_mut::<MailSettings>().reset_url =
        Some("https://shop.example/reset/{uid}/{token}/".to_owned());
    let outbox = Outbox::default();
    let site = Site::given(settings, |builder| builder.mailer(outbox.clone()));
    (site, outbox)
}

async fn ask(site: &Site, email: &str) -> Page {
    site.browser().post(RESET, &json!({ "email": email })).await
}

fn link(email: &EmailMessage) -> (String, String) {
    let body = email.body.expose();
    let (_, rest) = body.split_once("https://shop.example/reset/").unwrap();
    let mut parts = rest.split('/').map(str::to_owned);
    (parts.next().unwrap(), parts.next().unwrap())
}

async fn confirm(browser: &mut Browser<'_>, uid: &str, token: &str, password: &str) -> Page {
    let body = json!({ "uid": uid, "token": token, "new_password": password });
    browser.post(CONFIRM, &body).await
}

#[tokio::test]
async fn a_forgotten_password_is_reset_by_a_link_that_works_once() {
    let (site, outbox) = mailing();
    let mut open = site.logged_in("alice").await;
    ask(&site, "ALICE@example.com").await;
    let email = outbox.email(&site).await.unwrap();
    assert_eq!(email.to, "alice@example.com", "the user's own spelling");
    assert_eq!(email.from, "webmaster@localhost");
    assert_eq!(email.subject, "Password reset on shop.example");
    assert!(
        email
            .body
            .expose()
            .contains("Your username, in case you’ve forgotten: alice\n")
    );
    let (uid, token) = link(&email);
    let weak = confirm(&mut site.browser(), &uid, &token, "alice").await;
    assert_eq!(weak.status, StatusCode::BAD_REQUEST);
    assert!(
        weak.json()["new_password"][0]
            .as_str()
            .unwrap()
            .contains("similar"),
        "{}",
        weak.text
    );
    let page = confirm(&mut site.browser(), &uid, &token, NEW).await;
    assert_eq!(page.detail(), "Password has been reset with the new password.");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(
        open.get("/dashboard/").await.status,
        StatusCode::FORBIDDEN,
        "sessions end"
    );
    let again = confirm(&mut site.browser(), &uid, &token, "another-one-77").await;
    assert!(
        again.text.contains("The password reset link was invalid"),
        "{}",
        again.text
    );
    assert_eq!(
        site.browser().log_in("alice", NEW).await.status,
        StatusCode::FOUND
    );
}

#[tokio::test]
async fn the_answer_does_not_tell_who_has_an_account() {
    let (site, outbox) = mailing();
    site.memory.add_user(UserRow {
        password: secret("!unusable"),
        ..user(9, "ldap")
    });
    let known = ask(&site, "alice@example.com").await;
    assert!(outbox.email(&site).await.is_some());
    assert_eq!(known.detail(), "Password reset e-mail has been sent.");
    for nobody in [
        "nobody@example.com",
        "carol@example.com",
        "ldap@example.com",
        "alıce@example.com",
        "a'--@b.example",
    ] {
        let page = ask(&site, nobody).await;
        assert_eq!((page.status, &page.text), (known.status, &known.text), "{nobody}");
        assert_eq!(page.headers, known.headers);
        assert!(outbox.email(&site).await.is_none(), "{nobody}");
    }
    for (body, field) in [
        (json!({}), "This field is required."),
        (json!({ "email": "alice" }), "Enter a valid email address."),
        (json!({ "email": "a@b" }), "Enter a valid email address."),
        (
            json!({ "email": "Alice <alice@example.com>" }),
            "Enter a valid email address.",
        ),
        (
            json!({ "email": "alice@example.com, bob@example.com" }),
            "Enter a valid email address.",
        ),
    ] {
        let page = site.browser().post(RESET, &body).await;
        refused(&page, "email", &[field]);
    }
}

#[tokio::test]
async fn a_letter_that_is_not_sent_is_in_the_log_and_not_in_the_answer() {
    let (site, outbox) = mailing();
    let log = Log::start();
    assert_eq!(ask(&site, "bob@example.com").await.status, StatusCode::OK);
    assert!(outbox.email(&site).await.is_none());
    let lines = log.lines().join("\n");
    assert!(lines.contains("the post is on strike"), "{lines}");
    ask(&site, "alice@example.com").await;
    let (uid, token) = link(&outbox.email(&site).await.unwrap());
    confirm(&mut site.browser(), &uid, &token, NEW).await;
    let lines = log.lines().join("\n");
    for secret in [token.as_str(), NEW, "alice@example.com"] {
        assert!(!lines.contains(secret), "{lines}");
    }
}

#[tokio::test]
async fn links_end_with_time_logins_and_new_addresses() {
    let (site, outbox) = mailing();
    let changes: [&dyn Fn(&Site); 4] = [
        &|site| site.clock.advance(Duration::from_secs(259_201)),
        &|site| {
            site.memory
                .change_user(&UserId::Int(2), |row| row.last_login = Some(site.door.now()));
        },
        &|site| {
            site.memory
                .change_user(&UserId::Int(2), |row| row.email = "new@example.com".to_owned());
        },
        &|site| site.memory.remove_user(&UserId::Int(2)),
    ];
    for change in changes {
        let users = site.door.stores().users.by_id(&UserId::Int(2)).await.unwrap();
        ask(&site, &users.unwrap().email).await;
        let (uid, token) = link(&outbox.email(&site).await.unwrap());
        change(&site);
        let page = confirm(&mut site.browser(), &uid, &token, NEW).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.json()["token"].is_array(), "{}", page.text);
    }
}

#[tokio::test]
async fn links_that_were_never_made_are_refused_alike() {
    let (site, outbox) = mailing();
    ask(&site, "alice@example.com").await;
    let (uid, token) = link(&outbox.email(&site).await.unwrap());
    let invalid = "The password reset link was invalid, possibly because it has already been used. Please request a \
                   new password reset.";
    for (uid, token) in [
        ("Mw", token.as_str()),
        ("OTk5", &token),
        ("!", &token),
        ("AA", &token),
        ("_w", &token),
        (&uid, "a-b"),
        (&uid, "x"),
        (&uid, &token.to_uppercase()),
    ] {
        let page = confirm(&mut site.browser(), uid, token, NEW).await;
        refused(&page, "token", &[invalid]);
    }
    // One of several uses at once wins.
    let uses = (0..4).map(|n| {
        let (uid, token, site) = (uid.clone(), token.clone(), &site);
        async move {
            confirm(&mut site.browser(), &uid, &token, &format!("another-one-{n}"))
                .await
                .status
        }
    });
    let statuses = futures_util::future::join_all(uses).await;
    assert_eq!(
        statuses
            .iter()
            .filter(|status| **status == StatusCode::OK)
            .count(),
        1
    );
}

fn throttled(page: &Page) -> bool {
    page.status == StatusCode::TOO_MANY_REQUESTS
}

fn mailing_at(rates: &[(&str, &str)]) -> (Site, Outbox) {
    let mut settings = settings();
    settings.section_mut::<MailSettings>().reset_url =
        Some("https://shop.example/reset/{uid}/{token}/".to_owned());
    let rates = rates
        .iter()
        .map(|(scope, rate)| ((*scope).to_owned(), (*rate).to_owned()));
    settings.throttle.rates = rates.collect();
    let outbox = Outbox::default();
    let site = Site::given(settings, |builder| builder.mailer(outbox.clone()));
    (site, outbox)
}

#[tokio::test]
async fn nobody_s_letter_box_is_flooded() {
    let (site, outbox) = mailing();
    for spelling in [
        "alice@example.com",
        "ALICE@example.com",
        " alice@EXAMPLE.com ",
        "alice@ｅxample.com",
        "Alice@Example.Com",
    ] {
        assert_eq!(ask(&site, spelling).await.status, StatusCode::OK, "{spelling}");
        outbox.email(&site).await;
    }
    let page = ask(&site, "alice@example.com").await;
    assert!(throttled(&page), "{}", page.text);
    assert_eq!(page.header("retry-after"), "3600");
    assert_eq!(
        page.detail(),
        "Request was throttled. Expected available in 3600 seconds."
    );
    assert!(outbox.email(&site).await.is_none());
    assert_eq!(ask(&site, "bob@example.com").await.status, StatusCode::OK);
    site.clock.advance(Duration::from_secs(3600));
    assert_eq!(ask(&site, "alice@example.com").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_count_does_not_tell_who_has_an_account() {
    let (site, _) = mailing();
    let mut answers = Vec::new();
    for email in ["alice@example.com", "nobody@example.com"] {
        let mut pages = Vec::new();
        for _ in 0..7 {
            let page = ask(&site, email).await;
            pages.push((page.status, page.headers, page.text));
        }
        answers.push(pages);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0][6].0, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn one_client_asks_and_tries_links_so_often_only() {
    let (site, _) = mailing();
    for number in 0..30 {
        let page = ask(&site, &format!("{number}@example.com")).await;
        assert_eq!(page.status, StatusCode::OK);
        let page = confirm(&mut site.browser(), "MQ", "guess", NEW).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
    }
    assert!(throttled(&ask(&site, "alice@example.com").await));
    assert!(throttled(&confirm(&mut site.browser(), "MQ", "guess", NEW).await));
}

#[tokio::test]
async fn the_settings_have_the_last_word_on_resets() {
    let (site, _) = mailing_at(&[("password_reset", "2/h"), ("password_reset_email", "none")]);
    for wanted in [false, false, true] {
        assert_eq!(throttled(&ask(&site, "alice@example.com").await), wanted);
    }
    let (site, _) = mailing_at(&[("password_reset", "none"), ("password_reset_email", "none")]);
    for _ in 0..100 {
        assert!(!throttled(&ask(&site, "alice@example.com").await));
    }
}

#[test]
fn without_letters_there_is_no_reset() {
    let paths = |settings: Settings| {
        let door = Door::new(settings, TestDatabase::new().stores()).unwrap();
        let routes = door.endpoints().routes();
        routes
            .iter()
            .filter(|route| route.path.starts_with(RESET))
            .count()
    };
    assert_eq!(paths(settings()), 0);
    let mut with_log = settings();
    with_log.debug = true;
    with_log.section_mut::<MailSettings>().url = Some(secret("log:"));
    with_log.section_mut::<MailSettings>().reset_url = Some("https://shop.example/{uid}/{token}".to_owned());
    assert_eq!(paths(with_log.clone()), 2);
    type Change = fn(&mut Settings);
    let wrong: [(&str, Change); 7] = [
        ("mail.url", |s| s.debug = false),
        ("mail.url", |s| {
            s.section_mut::<MailSettings>().url = Some(secret("pigeon://hunter2@host"));
        }),
        ("mail.url", |s| {
            s.section_mut::<MailSettings>().url = Some(secret("smtp://a:hunter2@host"));
        }),
        ("mail.reset_url", |s| {
            s.section_mut::<MailSettings>().reset_url = None;
        }),
        ("mail.reset_url", |s| {
            s.section_mut::<MailSettings>().reset_url = Some("https://shop.example/{uid}".to_owned());
        }),
        ("mail.reset_url", |s| {
            s.section_mut::<MailSettings>().reset_url = Some("/reset/{uid}/{token}".to_owned());
        }),
        ("mail.from", |s| {
            s.section_mut::<MailSettings>().from = "a@b\nBcc: c@d".to_owned();
        }),
    ];
    for (key, change) in wrong {
        let mut settings = with_log.clone();
        change(&mut settings);
        let error = Door::new(settings, TestDatabase::new().stores()).unwrap_err();
        assert_eq!(error.key(), key, "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn new_accounts_are_normalised_as_django_does() {
    let site = Site::new();
    let account = |username: &str, email: &str| NewAccount {
        username: username.to_owned(),
        email: email.to_owned(),
        ..NewAccount::default()
    };
    let made = create_user(&site.door, account("Ｄave", "Dave@EXAMPLE.Com"))
        .await
        .unwrap();
    assert_eq!(
        (made.username.as_str(), made.email.as_str()),
        ("Dave", "Dave@example.com")
    );
    assert!(made.is_active && !made.is_staff && !made.is_superuser);
    assert!(made.password.expose().starts_with('!'), "nobody knows a password");
    let root = create_superuser(&site.door, account("erin", "")).await.unwrap();
    assert!(root.is_staff && root.is_superuser);
    for (username, email, code) in [
        ("Dave", "", "username"),
        ("Ｄave", "", "username"),
        ("", "", "username"),
        ("two words", "", "username"),
        ("nul\0", "", "username"),
        ("frank", "a\0@b", "email"),
    ] {
        let error = create_user(&site.door, account(username, email))
            .await
            .unwrap_err();
        let refusal = doorward_core::ApiException::from(error);
        assert_eq!(refusal.status(), StatusCode::BAD_REQUEST);
        assert!(refusal.detail().get(code).is_some(), "{refusal}");
    }
    let taken = create_user(&site.door, account("alice", "")).await.unwrap_err();
    assert!(matches!(taken, CreateUserError::UsernameTaken));
    assert_eq!(taken.to_string(), "A user with that username already exists.");
}
