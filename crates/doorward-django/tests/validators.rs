//! Password validators and usernames against what Django answered (`interop/vectors/passwords.json`).
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use doorward_django::passwords::validators::{
    UserAttribute, UserAttributeSimilarity, UserAttributes, ValidationError, Validator, validate_password,
};
use doorward_django::usernames::{
    fold_username, normalize_email, normalize_username, unicode_ci_eq, validate_username,
};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    users: Vec<User>,
    validate: Vec<Validated>,
    usernames: Vec<Username>,
    emails: Vec<(String, String)>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct User {
    username: String,
    first_name: String,
    last_name: String,
    email: String,
}

#[derive(Deserialize)]
struct Validated {
    password: String,
    user: usize,
    max_similarity: Option<f64>,
    errors: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Username {
    username: String,
    normalized: String,
    errors: Vec<(String, String)>,
}

fn golden() -> Golden {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../interop/vectors/passwords.json"
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn attributes(user: &User) -> UserAttributes<'_> {
    UserAttributes {
        username: &user.username,
        first_name: &user.first_name,
        last_name: &user.last_name,
        email: &user.email,
    }
}

fn validators(max_similarity: Option<f64>) -> Vec<Validator> {
    let Some(max_similarity) = max_similarity else {
        return Validator::defaults();
    };
    let similarity = UserAttributeSimilarity::new(UserAttribute::ALL.to_vec(), max_similarity).unwrap();
    vec![Validator::UserAttributeSimilarity(similarity)]
}

fn pairs(result: Result<(), Vec<ValidationError>>) -> Vec<(String, String)> {
    let errors = result.err().unwrap_or_default();
    errors
        .into_iter()
        .map(|error| (error.message, error.code.to_owned()))
        .collect()
}

#[test]
fn errors_are_django_s() {
    let golden = golden();
    assert!(golden.validate.len() > 400);
    for row in &golden.validate {
        let user = &golden.users[row.user];
        let result = validate_password(&row.password, &attributes(user), &validators(row.max_similarity));
        assert_eq!(
            pairs(result),
            row.errors,
            "{:?} of {:?}",
            row.password,
            user.username
        );
    }
}

#[test]
fn usernames_are_judged_like_django_s() {
    for row in golden().usernames {
        assert_eq!(normalize_username(&row.username), row.normalized);
        assert_eq!(
            pairs(validate_username(&row.username)),
            row.errors,
            "{:?}",
            row.username
        );
    }
}

/// One character of it becomes 18: a body full of them took a second.
#[test]
fn a_name_too_long_to_be_anybody_s_is_not_normalised() {
    let name = "\u{fdfa}".repeat(860_000);
    assert_eq!(normalize_username(&name), name);
    assert!(!unicode_ci_eq(&name, "alice") && fold_username(&name) == name);
    let longest = "\u{fdfa}".repeat(512);
    assert_eq!(normalize_username(&longest).chars().count(), 512 * 18);
}

#[test]
fn addresses_are_normalised_like_django_s() {
    for (email, normalized) in golden().emails {
        assert_eq!(normalize_email(&email), normalized, "{email:?}");
    }
}

proptest! {
    #[test]
    fn any_password_and_user_have_an_answer(password: String, username: String, email: String) {
        let user = UserAttributes { username: &username, email: &email, ..UserAttributes::default() };
        let _ = validate_password(&password, &user, &Validator::defaults());
        let _ = (validate_username(&username), normalize_email(&email));
    }

    #[test]
    fn a_normal_username_is_normal_already(username: String) {
        let normal = normalize_username(&username);
        prop_assert_eq!(normalize_username(&normal), normal);
    }
}
