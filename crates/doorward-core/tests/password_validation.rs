//! `[passwords] validators`: options as Django's, and validators of one's own.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use doorward_core::app::{App, Installed, Site};
use doorward_core::password_validation::{
    PasswordOwner, PasswordValidator, ValidationError, validate_password,
};
use doorward_core::settings::{
    PasswordListFile, Section, Settings, SettingsErrors, ValidatorName, ValidatorSettings,
};
use doorward_core::{Answer, ApiException, Door, Result};
use doorward_django::passwords::validators::PasswordList;
use doorward_django::secret::Secret;
use doorward_testing::TestDoor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

use ValidatorName::{
    CommonPasswordValidator, MinimumLengthValidator, NumericPasswordValidator,
    UserAttributeSimilarityValidator,
};

fn with(name: ValidatorName, change: impl FnOnce(&mut ValidatorSettings)) -> ValidatorSettings {
    let mut settings = ValidatorSettings::from(name);
    change(&mut settings);
    settings
}

fn list(text: &str) -> PasswordListFile {
    let mut file = PasswordListFile::new("passwords.txt");
    file.fill(PasswordList::read(text.as_bytes()).unwrap());
    file
}

/// What is told of that password for alice, in order.
async fn told(door: &Door, password: &str) -> Vec<String> {
    let alice = support::user("alice");
    let judged = validate_password(&Secret::new(password.to_owned()), (&alice).into(), door).await;
    let errors = judged.unwrap().err().unwrap_or_default();
    errors.into_iter().map(|error| error.message).collect()
}

fn door_with(validators: Vec<ValidatorSettings>) -> TestDoor {
    let door = TestDoor::builder().configure(|settings| settings.passwords.validators = validators);
    door.build()
}

#[tokio::test]
async fn options_are_those_of_django_and_messages_keep_their_order() {
    let door = door_with(vec![
        with(MinimumLengthValidator, |options| options.min_length = Some(12)),
        with(CommonPasswordValidator, |options| {
            options.password_list_path = Some(list("hunter2\n"));
        }),
        with(UserAttributeSimilarityValidator, |options| {
            options.user_attributes = Some(vec!["username".to_owned()]);
            options.max_similarity = Some(1.0);
        }),
    ]);
    let short = "This password is too short. It must contain at least 12 characters.";
    assert_eq!(
        told(&door, "Hunter2").await,
        [short, "This password is too common."]
    );
    assert_eq!(
        told(&door, "alice").await,
        [short, "The password is too similar to the username."]
    );
    assert_eq!(told(&door, "alicealicealice").await, Vec::<String>::new());
    assert_eq!(
        told(&door, "password1234").await,
        Vec::<String>::new(),
        "Django's list is not asked"
    );
}

#[tokio::test]
async fn the_same_validators_are_asked_wherever_a_password_is_new() {
    let door = door_with(vec![with(MinimumLengthValidator, |options| {
        options.min_length = Some(20);
    })]);
    let alice = door.user("alice").password("wonderland-42").create().await;
    let site = door.site(door.endpoints());
    let change = json!({ "old_password": "wonderland-42", "new_password": "nineteen-characters" });
    let answer = site
        .jwt(&alice)
        .await
        .post("/api/password/change/")
        .json(&change)
        .await;
    answer.assert_status(400);
    let wanted =
        json!({ "new_password": ["This password is too short. It must contain at least 20 characters."] });
    assert_eq!(answer.json(), wanted);
}

#[test]
fn names_are_read_with_options_and_django_s_module() {
    let read: Vec<ValidatorSettings> = serde_json::from_value(json!([
        "NumericPasswordValidator",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        { "name": "django.contrib.auth.password_validation.MinimumLengthValidator", "min_length": 9 },
        { "name": "mine" },
    ]))
    .unwrap();
    let names: Vec<_> = read.iter().map(|read| read.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "NumericPasswordValidator",
            "CommonPasswordValidator",
            "MinimumLengthValidator",
            "mine"
        ]
    );
    assert_eq!(read[2].min_length, Some(9));
    let written = serde_json::to_value(&read).unwrap();
    assert_eq!(written[0], "NumericPasswordValidator");
    assert_eq!(
        written[2],
        json!({ "name": "MinimumLengthValidator", "min_length": 9 })
    );
}

#[test]
fn impossible_options_are_told_with_their_place() {
    let similar = |change: fn(&mut ValidatorSettings)| with(UserAttributeSimilarityValidator, change);
    for (wrong, problem) in [
        (
            similar(|o| o.min_length = Some(9)),
            "`min_length` is no option of `UserAttributeSimilarityValidator`; it has `user_attributes`, `max_similarity`",
        ),
        (
            similar(|o| o.max_similarity = Some(0.05)),
            "`max_similarity` must be at least 0.1",
        ),
        (
            similar(|o| o.max_similarity = Some(f64::NAN)),
            "`max_similarity` must be at least 0.1",
        ),
        (
            similar(|o| o.user_attributes = Some(vec!["user_name".to_owned()])),
            "did you mean `username`?",
        ),
        (
            with(NumericPasswordValidator, |o| o.min_length = Some(9)),
            "which has none",
        ),
        (
            with(MinimumLengthValidator, |o| o.min_length = Some(4097)),
            "at most 4096 characters",
        ),
        (
            with(CommonPasswordValidator, |o| {
                o.password_list_path = Some(PasswordListFile::new("x.txt"));
            }),
            "nobody has read `x.txt`",
        ),
        (
            with(ValidatorName::of("MinimumLenghtValidator"), |_| {}),
            "did you mean `MinimumLengthValidator`?",
        ),
        (
            with(ValidatorName::of("mine"), |o| o.min_length = Some(1)),
            "stands in the app's section",
        ),
    ] {
        let mut settings = support::settings();
        settings.passwords.validators = vec![NumericPasswordValidator.into(), wrong];
        let errors = settings.validate().unwrap_err();
        let error = errors.iter().find(|error| error.problem().contains(problem));
        let error = error.unwrap_or_else(|| panic!("{problem}: {errors}"));
        assert_eq!((error.key(), error.item()), ("passwords.validators", Some(1)));
    }
}

/// `[words]`: a word that no password may hold.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct WordsSettings {
    word: String,
}

impl Section for WordsSettings {
    const LABEL: &'static str = "words";
}

struct Words(String);

impl App for Words {
    type Settings = WordsSettings;
    type State = Self;

    fn resolve(settings: WordsSettings, _: &Site<'_>) -> Result<Self, SettingsErrors> {
        Ok(Self(settings.word))
    }

    fn install(state: &Arc<Self>, to: &mut Installed) {
        to.password_validator("word", Without(state.0.clone()));
    }
}

struct Without(String);

impl PasswordValidator for Without {
    fn validate<'a>(
        &'a self,
        password: &'a Secret<String>,
        owner: &'a PasswordOwner<'a>,
        door: &'a Door,
    ) -> Answer<'a, Result<Vec<ValidationError>>> {
        Answer::pending(async move {
            if owner.attributes.username == "away" {
                return Err(ApiException::service_unavailable(Duration::from_secs(1)));
            }
            let found = password.expose().contains(&self.0) && !door.settings().debug;
            let error = |n: usize| ValidationError {
                message: format!("It holds a word. ({n})"),
                code: "word",
            };
            Ok(if found {
                vec![error(1), error(2)]
            } else {
                Vec::new()
            })
        })
    }
}

fn with_words(settings: &mut Settings) {
    settings.section_mut::<WordsSettings>().word = "door".to_owned();
    settings.passwords.validators = vec![ValidatorName::of("word").into(), NumericPasswordValidator.into()];
}

#[tokio::test]
async fn a_validator_of_an_app_is_asked_by_its_name() {
    let door = TestDoor::builder().app::<Words>().configure(with_words).build();
    assert_eq!(
        told(&door, "indoors").await,
        ["It holds a word. (1)", "It holds a word. (2)"]
    );
    assert_eq!(told(&door, "123").await, ["This password is entirely numeric."]);
    let away = support::user("away");
    let failed = validate_password(&Secret::new("x".to_owned()), (&away).into(), &door).await;
    assert_eq!(failed.unwrap_err().status().as_u16(), 503);
}
