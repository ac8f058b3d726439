//! Whoever has an account of a similar name, or somebody else's address for a name, gains no guess by it: with his
//! successes in between exactly as many passwords are checked as without them.

use std::sync::Arc;
use std::time::Duration;

use doorward_auth::backends::{
    AllowAllUsersModelBackend, AskElsewhere, CaseInsensitiveModelBackend, CredentialsBackend, EmailBackend,
    ModelBackend, Outcome,
};
use doorward_core::UserId;
use doorward_core::stores::UserField;
use doorward_core::user::UserRow;
use doorward_django::secret::Secret;
use http::StatusCode;
use serde_json::json;

use crate::site::{PASSWORD, Site, user};

/// The password of whoever has the twin.
const THEIRS: &str = "the-friend-s-own";

fn twin(username: &str) -> UserRow {
    let hashers = doorward_django::passwords::Hashers::new(vec![doorward_django::passwords::Algorithm::Md5]);
    let password = hashers.unwrap().make_password(THEIRS, &[8; 88]).unwrap();
    UserRow {
        password: Secret::new(password),
        ..user(9, username)
    }
}

fn closed(username: &str) -> UserRow {
    UserRow {
        id: UserId::Int(10),
        is_active: false,
        ..twin(username)
    }
}

fn with_address(email: &str) -> UserRow {
    UserRow {
        email: email.to_owned(),
        ..user(1, "alice")
    }
}

fn model() -> Vec<Arc<dyn CredentialsBackend>> {
    vec![Arc::new(ModelBackend)]
}

fn ignoring_case() -> Vec<Arc<dyn CredentialsBackend>> {
    vec![Arc::new(CaseInsensitiveModelBackend)]
}

fn names_then_addresses() -> Vec<Arc<dyn CredentialsBackend>> {
    vec![Arc::new(ModelBackend), Arc::new(EmailBackend)]
}

fn addresses_then_names() -> Vec<Arc<dyn CredentialsBackend>> {
    vec![Arc::new(EmailBackend), Arc::new(ModelBackend)]
}

/// As `ModelBackend`, and tells nobody beforehand whom it will check.
fn opaque() -> Vec<Arc<dyn CredentialsBackend>> {
    let ask = |door: doorward_core::Door, username: String, password: Secret<String>| async move {
        let user = door
            .stores()
            .users
            .by_field(UserField::Username, &username)
            .await?;
        let Some(user) = user else {
            return Ok(Outcome::NotMine);
        };
        let verdict = door.passwords().check(&password, &user.password).await?;
        Ok(match verdict.is_correct() {
            true => Outcome::User(user),
            false => Outcome::NotMine,
        })
    };
    vec![Arc::new(AskElsewhere::new("tests.Opaque", ask))]
}

/// How many of twenty guesses are checked, each from an address of its own, while a friend logs in after every other
/// one: from there, and with the device that it was given.
async fn checked(site: &Site, guessed: &str, friend: Option<&str>) -> usize {
    let mut checked = 0;
    let mut device = None;
    for number in 0..20 {
        let mut client = site.at(&format!("203.0.113.{number}"));
        client.cookie.clone_from(&device);
        let page = client.token(guessed, "wrong").await;
        checked += usize::from(!page.is_locked());
        if let (Some(friend), 1) = (friend, number % 2) {
            let page = client.token(friend, THEIRS).await;
            if page.device().is_some() {
                device = client.with(&page).cookie;
            }
        }
    }
    checked
}

#[tokio::test]
async fn a_friend_of_a_similar_name_gains_no_guess() {
    let wide = || vec![twin("\u{ff21}lice")];
    let closed_too = || vec![twin("Alice"), closed("ALICE")];
    for (what, backends, others, [guessed, friend]) in [
        ("case", model(), vec![twin("Alice")], ["alice", "Alice"]),
        (
            "case, seen alike",
            ignoring_case(),
            vec![twin("Alice")],
            ["alice", "Alice"],
        ),
        ("width", model(), wide(), ["alice", "\u{ff21}lice"]),
        (
            "width, seen alike",
            ignoring_case(),
            wide(),
            ["alice", "\u{ff21}lice"],
        ),
        (
            "sharp s",
            model(),
            vec![user(4, "strasse"), twin("straße")],
            ["strasse", "straße"],
        ),
        ("nobody has it", model(), vec![twin("Dora")], ["dora", "Dora"]),
        ("nobody tells", opaque(), vec![twin("Alice")], ["alice", "Alice"]),
        ("closed twin", model(), closed_too(), ["alice", "Alice"]),
        (
            "closed twin, seen alike",
            ignoring_case(),
            closed_too(),
            ["alice", "Alice"],
        ),
        (
            "it is guessed at",
            ignoring_case(),
            closed_too(),
            ["ALICE", "Alice"],
        ),
    ] {
        let site = Site::backed_by(backends, others);
        assert_eq!(checked(&site, guessed, Some(friend)).await, 3, "{what}");
    }
}

#[tokio::test]
async fn a_friend_whose_name_is_an_address_gains_no_guess() {
    let address = "alice@example.com";
    for (what, backends) in [
        ("names first", names_then_addresses()),
        (
            "inactive ones too",
            vec![Arc::new(AllowAllUsersModelBackend), Arc::new(EmailBackend) as _],
        ),
    ] {
        let site = Site::backed_by(backends, vec![with_address(address), twin(address)]);
        assert_eq!(checked(&site, address, Some(address)).await, 3, "{what}");
        assert!(
            site.at("203.0.113.77").token("alice", "wrong").await.is_locked(),
            "{what}"
        );
    }
}

/// His own password is a guess at hers each time, where she is asked first; he may choose what he likes for it.
#[tokio::test]
async fn a_success_that_tries_another_s_password_is_a_failure_of_hers() {
    let address = "alice@example.com";
    let site = Site::backed_by(addresses_then_names(), vec![with_address(address), twin(address)]);
    let mut statuses = Vec::new();
    for number in 0..4 {
        let page = site
            .at(&format!("203.0.113.{number}"))
            .token(address, THEIRS)
            .await;
        statuses.push(page.status.as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 429]);
}

#[tokio::test]
async fn a_name_and_its_addresses_are_one_account() {
    let site = Site::backed_by(names_then_addresses(), vec![with_address("alice@example.com")]);
    let names = [
        "alice",
        "alice@example.com",
        "ALICE@example.com",
        "alice",
        "Alice@Example.com",
    ];
    let mut statuses = Vec::new();
    for (number, name) in names.into_iter().enumerate() {
        let page = site.at(&format!("203.0.113.{number}")).token(name, "wrong").await;
        statuses.push(page.status.as_u16());
    }
    assert_eq!(statuses, [401, 401, 401, 429, 429]);
}

/// Whoever the name was found by, the origin is known to the user.
#[tokio::test]
async fn an_origin_is_known_by_every_name_of_the_account() {
    let site = Site::backed_by(names_then_addresses(), vec![with_address("alice@example.com")]);
    let home = site.at("192.0.2.7");
    let page = home.token("alice", PASSWORD).await;
    site.strangers(4, "alice@example.com").await;
    site.strangers(4, "alice").await;
    let away = site.at("198.51.100.9").with(&page);
    for client in [home, away] {
        assert_eq!(
            client.token("ALICE@example.com", PASSWORD).await.status,
            StatusCode::OK
        );
    }
}

/// The twin's devices and networks are strangers to the account, however many he has.
#[tokio::test]
async fn a_twin_s_origins_are_not_the_account_s() {
    for (backends, name) in [
        (model(), "Alice"),
        (ignoring_case(), "Alice"),
        (opaque(), "Alice"),
    ] {
        let site = Site::backed_by(backends, vec![twin(name)]);
        let client = site.at("203.0.113.1");
        let client = client.clone().with(&client.token(name, THEIRS).await);
        site.strangers(3, "alice").await;
        assert!(client.token("alice", "wrong").await.is_locked());
    }
}

/// An account keeps its failures whatever it is called, and its owner's devices.
#[tokio::test]
async fn a_renamed_account_is_the_same() {
    let memory = crate::site::memory();
    let site = Site::on_backends(&memory, model());
    let page = site.at("192.0.2.7").token("alice", PASSWORD).await;
    site.strangers(3, "alice").await;
    memory.change_user(&UserId::Int(1), |row| row.username = "alicia".to_owned());
    assert!(site.at("203.0.113.50").token("alicia", "wrong").await.is_locked());
    let away = site.at("198.51.100.9").with(&page);
    assert_eq!(away.token("alicia", PASSWORD).await.status, StatusCode::OK);
    memory.remove_user(&UserId::Int(1));
    assert!(site.at("203.0.113.51").token("alice", "wrong").await.is_locked());
}

/// In whatever spelling it is tried, and however often a friend of a similar name logs in between: nothing tells a
/// name that somebody has from one that nobody has.
#[tokio::test]
async fn nobody_learns_whether_a_name_is_somebody_s() {
    for backends in [model, names_then_addresses, opaque] {
        let told = |name: &'static str| async move {
            let site = Site::backed_by(
                backends(),
                vec![
                    twin("ALICE"),
                    UserRow {
                        id: UserId::Int(10),
                        ..twin("NOBODY")
                    },
                ],
            );
            let mut answers = Vec::new();
            for (number, letters) in [0, 0, 1, 0, 1, 0, 0].into_iter().enumerate() {
                let mut name = name.to_owned();
                name.get_mut(..letters).unwrap().make_ascii_uppercase();
                let client = site.at(&format!("203.0.113.{number}"));
                let page = client.token(&name, "wrong").await;
                answers.push((page.status, page.text.clone(), page.wait()));
                let friend = client.token(&name.to_uppercase(), THEIRS).await;
                answers.push((friend.status, String::new(), friend.wait()));
                site.clock.advance(Duration::from_secs(7));
            }
            answers
        };
        assert_eq!(told("alice").await, told("nobody").await);
    }
}

/// A stateless token may say no name: what is counted is the user of its id, and what it guesses is the account's.
#[tokio::test]
async fn old_passwords_are_counted_by_the_user_of_the_token() {
    let memory = crate::site::memory();
    let site = Site::stateless(&memory);
    let change = |id: i64| {
        let token = site.access(id);
        let client = site.at(&format!("203.0.113.{id}"));
        async move {
            let body = json!({ "old_password": "wrong", "new_password": "through-the-looking-glass" });
            let headers = [
                ("content-type", "application/json"),
                ("authorization", token.as_str()),
            ];
            let page = client.send("POST", "/api/password/change/", &headers, body).await;
            page.status.as_u16()
        }
    };
    let mut statuses = Vec::new();
    for id in [1, 1, 1, 1, 2] {
        statuses.push(change(id).await);
    }
    assert_eq!(statuses, [400, 400, 400, 429, 400]);
    assert!(site.at("203.0.113.9").token("alice", "wrong").await.is_locked());
}
