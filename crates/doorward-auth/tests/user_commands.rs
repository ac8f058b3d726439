//! `createsuperuser`, `createuser` and `changepassword`, as somebody types them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::time::Duration;

use doorward_auth::accounts;
use doorward_auth::authtoken::TokenSettings;
use doorward_core::command::{Command, Failure};
use doorward_core::settings::Settings;
use doorward_django::secret::Secret;
use doorward_testing::{TestConsole, TestDoor};

fn command(name: &str) -> Command {
    let mut commands = doorward_auth::apps().commands().into_iter();
    commands.find(|command| command.name() == name).unwrap()
}

async fn run(door: &TestDoor, typed: &[&str], console: &mut TestConsole) -> Result<(), Failure> {
    let (name, options) = typed.split_first().unwrap();
    console.run(&command(name), door, options.iter().copied()).await
}

fn refused(done: Result<(), Failure>) -> String {
    match done {
        Err(Failure::Command(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn createsuperuser_asks_until_the_answers_are_possible() {
    let door = TestDoor::new();
    let mut console = TestConsole::new([
        "no spaces please",
        "root1",
        "nonsense",
        "root1@example.com",
        "one",
        "another",
        " ",
        " ",
        "root1",
        "root1",
        "n",
        "a-good-one-17",
        "a-good-one-17",
    ]);
    run(&door, &["createsuperuser"], &mut console).await.unwrap();
    let told = console.text();
    for problem in [
        "Error: Enter a valid username.",
        "Error: Enter a valid email address.",
        "Error: Your passwords didn't match.",
        "Error: Blank passwords aren't allowed.",
        "The password is too similar to the username.\nThis password is too short.",
        "Superuser created successfully.",
    ] {
        assert!(told.contains(problem), "{problem}: {told}");
    }
    let user = door.stores().users.by_username("root1").await.unwrap().unwrap();
    assert!(user.is_staff && user.is_superuser && user.is_active);
    assert_eq!(user.email, "root1@example.com");
}

#[tokio::test]
async fn createsuperuser_takes_a_bad_password_by_consent() {
    let door = TestDoor::new();
    let mut console = TestConsole::new(["1234", "1234", "y"]);
    let typed = ["createsuperuser", "--username", "root1", "--email", ""];
    run(&door, &typed, &mut console).await.unwrap();
    let password = Secret::new("1234".to_owned());
    let found = accounts::authenticate(&door, "root1", &password).await.unwrap();
    assert!(found.is_some());
}

#[tokio::test]
async fn createsuperuser_ends_where_no_more_is_answered() {
    let mut console = TestConsole::new(["root1"]);
    let done = run(&TestDoor::new(), &["createsuperuser"], &mut console).await;
    assert_eq!(refused(done), "Operation cancelled.");
}

#[tokio::test]
async fn createsuperuser_without_a_terminal_makes_nobody() {
    let door = TestDoor::new();
    let mut console = TestConsole::script([], []);
    let done = run(&door, &["createsuperuser", "--username", "root1"], &mut console).await;
    assert!(refused(done).starts_with("Superuser creation skipped"));
    let found = door.stores().users.by_username("root1").await.unwrap();
    assert!(found.is_none());
}

async fn change(answers: &[&str]) -> (Result<(), Failure>, String) {
    let door = TestDoor::new();
    let mut console = TestConsole::script([], []);
    let typed = ["createuser", "--username", "alice", "--noinput"];
    run(&door, &typed, &mut console).await.unwrap();
    let mut console = TestConsole::new(answers.iter().copied());
    let done = run(&door, &["changepassword", "alice"], &mut console).await;
    (done, console.text())
}

#[tokio::test]
async fn changepassword_has_three_tries() {
    let (done, told) = change(&["a", "b", "1234", "1234", "alice", "alice"]).await;
    assert!(told.starts_with("Changing password for user 'alice'\n"), "{told}");
    assert!(
        told.contains("Passwords do not match. Please try again."),
        "{told}"
    );
    assert!(told.contains("This password is entirely numeric."), "{told}");
    let end = "Aborting password change for user 'alice' after 3 attempts";
    assert_eq!(refused(done), end);
}

#[tokio::test]
async fn changepassword_ends_with_an_empty_answer() {
    let (done, _) = change(&[""]).await;
    assert_eq!(refused(done), "aborted");
}

#[tokio::test]
async fn changepassword_sets_a_good_password() {
    let (done, told) = change(&["wonderland-42", "wonderland-42"]).await;
    assert!(done.is_ok(), "{done:?}");
    assert!(
        told.ends_with("Password changed successfully for user 'alice'\n"),
        "{told}"
    );
}

#[tokio::test]
async fn drf_create_token_shows_the_token_that_there_is_unless_it_is_reset() {
    let door = TestDoor::new();
    door.user("alice").create().await;
    let mut told = Vec::new();
    for typed in [
        &["drf_create_token", "alice"][..],
        &["drf_create_token", "alice"],
        &["drf_create_token", "alice", "--reset"],
    ] {
        let mut console = TestConsole::script([], []);
        run(&door, typed, &mut console).await.unwrap();
        told.push(console.text());
    }
    let [first, again, other] = told.try_into().unwrap();
    assert!(first.starts_with("Generated token "), "{first}");
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[tokio::test]
async fn drf_create_token_shows_no_token_past_its_age() {
    let with_age = |settings: &mut Settings| {
        settings.section_mut::<TokenSettings>().max_age = Some("1h".parse().unwrap());
    };
    let door = TestDoor::builder().configure(with_age).build();
    door.user("alice").create().await;
    let mut console = TestConsole::new([]);
    for _ in 0..2 {
        run(&door, &["drf_create_token", "alice"], &mut console)
            .await
            .unwrap();
        door.advance(Duration::from_secs(2 * 3_600));
    }
    let told = console.text();
    let keys: Vec<_> = told.lines().collect();
    let [first, second] = keys.try_into().unwrap();
    assert_ne!(first, second, "the first had come to its end");
}

#[tokio::test]
async fn a_column_that_is_not_the_project_s_own_is_not_set() {
    for assignment in [
        "is_superuser=true",
        "IS_STAFF=true",
        "password=x",
        "Password=x",
        "email=a@example.com",
        "id=1",
    ] {
        let (door, mut console) = (TestDoor::new(), TestConsole::new(["nothing is asked"]));
        let typed = [
            "createuser",
            "--noinput",
            "--username",
            "alice",
            "--set",
            assignment,
        ];
        let told = run(&door, &typed, &mut console).await;
        assert!(told.is_err(), "{assignment}");
    }
}

/// A door whose users log in with their e-mail address.
fn by_email() -> TestDoor {
    let builder = TestDoor::builder();
    let builder = builder.configure(|settings| settings.user.username_field = "email".to_owned());
    builder.build()
}

#[tokio::test]
async fn who_logs_in_with_an_address_is_asked_for_it_once() {
    let door = by_email();
    let mut console = TestConsole::new(["mike", "O'Brien@Example.ORG", "a-good-one-17", "a-good-one-17"]);
    run(&door, &["createsuperuser"], &mut console).await.unwrap();
    let told = console.text();
    assert!(told.contains("Error: Enter a valid email address."), "{told}");
    let found = door.stores().users.by_username("O'Brien@example.org").await;
    let user = found.unwrap().unwrap();
    assert!(user.is_superuser);
    assert_eq!(user.email, user.username);
    let mut console = TestConsole::script([], []);
    let typed = ["createuser", "--noinput", "--username", "O'Brien@EXAMPLE.org"];
    let done = run(&door, &typed, &mut console).await;
    assert_eq!(refused(done), "That username is already taken.");
}

#[tokio::test]
async fn an_address_to_log_in_with_is_given_as_either_option() {
    let door = by_email();
    for (command, option, address) in [
        ("createsuperuser", "--username", "one@example.org"),
        ("createsuperuser", "--email", "two@example.org"),
        ("createuser", "--email", "three@example.org"),
    ] {
        let typed = [command, "--noinput", option, address];
        let mut console = TestConsole::script([], []);
        run(&door, &typed, &mut console).await.unwrap();
        let user = door.stores().users.by_username(address).await.unwrap().unwrap();
        assert_eq!(user.email, address, "{typed:?}");
    }
    let typed = "createuser --noinput --username a@example.org --email b@example.org";
    let typed: Vec<_> = typed.split(' ').collect();
    let done = run(&door, &typed, &mut TestConsole::script([], [])).await;
    assert!(refused(done).contains("cannot differ"));
}
