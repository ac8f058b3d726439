//! No value is shown where another kind of value is expected, and no secret anywhere.

use super::{Case, keys};

const CANARY: &str = "hunter2";

/// Values of every shape, each with the canary in it, and the kinds of keys that they fit.
const SHAPES: [(&str, &[&str]); 8] = [
    (
        "\"smtps://bob:hunter2@mail.example\"",
        &["text", "file", "directory"],
    ),
    (
        "\"-----BEGIN PRIVATE KEY-----\\nhunter2\\n\"",
        &["text", "file", "directory"],
    ),
    ("[\"hunter2\"]", &["list", "text or a list of texts"]),
    ("[[\"hunter2\"]]", &[]),
    ("{ a = \"hunter2\" }", &["table"]),
    ("{ a = { b = [\"hunter2\"] } }", &["table"]),
    ("[{ url = \"hunter2\" }]", &[]),
    ("{ \"postgres://hunter2@db\" = 1 }", &[]),
];

/// Keys whose text is a secret.
const SECRETS: [&str; 9] = [
    "secret_key",
    "database.url",
    "redis.url",
    "mail.url",
    "metrics.token",
    "jwt.signing_key",
    "jwt.verifying_key",
    "jwt.introspection.client_secret",
    "jwt.introspection.authorization",
];

#[track_caller]
fn shows_nothing(case: &Case, about: &str) {
    let loader = case.loader();
    let mut shown = format!("{loader:?}");
    match loader.clone().read() {
        Ok(loaded) => shown.push_str(&format!("{loaded:?}")),
        Err(errors) => shown.push_str(&format!("{errors} {errors:?}")),
    }
    match loader.load() {
        Ok(_) => {}
        Err(errors) => shown.push_str(&format!("{errors} {errors:?}")),
    }
    assert!(!shown.contains(CANARY), "{about}: {shown}");
}

fn variable(key: &str) -> String {
    format!("DOORWARD_{}", key.to_uppercase().replace('.', "__"))
}

/// A value as the environment has it: a text needs no quotes.
fn unquoted(value: &str) -> String {
    value.trim_matches('"').replace("\\n", "\n")
}

#[test]
fn no_wrong_shape_is_shown_at_any_key() {
    for key in keys::all() {
        let fits = |kinds: &[&str]| kinds.contains(&key.kind.as_str());
        for (value, kinds) in SHAPES.iter().filter(|(_, kinds)| !fits(kinds)) {
            let about = format!("{} = {value} {kinds:?}", key.name);
            shows_nothing(&Case::with_key(&format!("{} = {value}", key.name)), &about);
            shows_nothing(&Case::with_key("").variable(&variable(&key.name), value), &about);
            shows_nothing(
                &Case::with_key("").variable(&variable(&key.name), &unquoted(value)),
                &about,
            );
        }
    }
}

#[test]
fn no_wrong_shape_is_shown_at_any_section() {
    for section in keys::sections()
        .iter()
        .map(String::as_str)
        .chain(["jwt.keys", "urls.login"])
    {
        for (value, _) in SHAPES.iter().filter(|(_, kinds)| !kinds.contains(&"table")) {
            let path = section == "urls.login" && value.starts_with('"');
            if !path {
                shows_nothing(&Case::with_key(&format!("{section} = {value}")), section);
                shows_nothing(
                    &Case::with_key("").variable(&variable(section), &unquoted(value)),
                    section,
                );
            }
        }
    }
}

#[test]
fn no_secret_is_shown_whatever_is_wrong_with_it() {
    for key in SECRETS {
        for text in [
            "hunter2",
            "nonsense://hunter2",
            "postgres://app:hunter2@db:port/app",
            "smtps://a:hunter2@",
            "a\\nhunter2",
        ] {
            shows_nothing(&Case::file(&format!("{key} = \"{text}\"\n[nonsense]")), key);
            shows_nothing(&Case::file("[nonsense]").variable(&variable(key), text), key);
        }
    }
    shows_nothing(
        &Case::with_key("").variable("DOORWARD_DATABASE", "postgres://app:hunter2@db"),
        "database",
    );
    shows_nothing(
        &Case::with_key("[[jwt.keys]]\nsigning_key = \"hunter2\""),
        "jwt.keys",
    );
}

#[test]
fn a_key_in_the_place_of_its_file_is_not_shown() {
    for key in [
        "jwt.signing_key_file",
        "jwt.verifying_key_file",
        "jwt.key_directory",
    ] {
        let text = "-----BEGIN PRIVATE KEY----- hunter2";
        shows_nothing(&Case::with_key(&format!("{key} = \"{text}\"")), key);
    }
}

#[test]
fn a_line_that_is_no_toml_is_not_shown() {
    for line in [
        "secret_key = \"hunter2",
        "secret_key = 'hunter2",
        "secret_key = hunter2",
        "secret_key = \"\"\"hunter2",
        "secret_key = \"hunter2\" hunter2",
        "secret_key = \"a\"\nsecret_key = \"hunter2\"",
        "secret_key = \"hunter2\\q\"",
        "secret_key = \"hunter2\u{1}\"",
        "secret_key: hunter2",
        "mail = smtps://bob:hunter2@mail.example",
        "secret_key = [\"hunter2\"",
        "secret_key = { a = \"hunter2\"",
        "secret_key = \"hunter2\"\n[secret_key]\na = 1",
        "secret_key = \"hunter2\"\nsecret_key.a = 1",
        "hunter2",
    ] {
        let case = Case::file(line);
        assert!(case.load().is_err(), "{line}");
        shows_nothing(&case, line);
    }
}

#[test]
fn settings_show_no_secret() {
    let file = "secret_key_fallbacks = [\"hunter2-hunter2-hunter2-hunter2-hunter2\"]\n[jwt]\nsigning_key = \"hunter2-hunter2-hunter2-hunter2-hunter2\"\n\
                [redis]\nurl = \"redis://:hunter2@cache\"\n[jwt.introspection]\nclient_id = \"a\"\nclient_secret = \"hunter2\"";
    let settings = Case::with_key(file).load().expect("these settings are good");
    assert!(!format!("{settings:?}").contains(CANARY));
}
