//! Settings that can never work: all of them are told at once, with their keys, and exit code 2.

use super::support::{CONFIGURED, Folder};

fn folder(text: &str) -> Folder {
    Folder::new().with("doorward.toml", &format!("{CONFIGURED}{text}"))
}

#[test]
fn all_that_is_wrong_is_told_at_once_a_line_each() {
    let folder = folder(
        "[jwt]\nleewai = \"1s\"\naccess_token_lifetime = \"2919000d\"\n[session]\ncookie_path = \"a\"\n[server]\n\
         max_body = \"large\"\n",
    );
    for command in ["check", "migrate", "runserver", "routes"] {
        let error = folder.fails(&[command], 2);
        let keys = [
            "jwt.leewai",
            "jwt.access_token_lifetime",
            "session.cookie_path",
            "server.max_body",
        ];
        for key in keys {
            let told = |line: &str| line.starts_with("Error: doorward.toml:") && line.contains(key);
            assert!(error.lines().any(told), "{command}: {key}: {error}");
        }
        assert_eq!(error.lines().count(), keys.len(), "{error}");
    }
}

#[test]
fn paths_that_clash_are_found_by_check_and_by_the_server() {
    for (line, keys) in [
        (
            "admin = \"/api/token/\"",
            ["urls.admin", "urls.token_obtain_pair"],
        ),
        ("healthz = \"/\"", ["urls.healthz", "urls.start"]),
        ("profile = \"/metrics\"", ["urls.profile", "urls.metrics"]),
    ] {
        let folder = folder(&format!("[urls]\n{line}\n"));
        for command in ["check", "runserver"] {
            let error = folder.fails(&[command], 2);
            assert!(keys.iter().all(|key| error.contains(key)), "{command}: {error}");
            assert!(error.starts_with("Error: doorward.toml:"), "{error}");
        }
    }
}

#[test]
fn an_address_of_a_database_with_options_names_its_key() {
    let folder = Folder::new().with("doorward.toml", CONFIGURED);
    let error = folder.fails(&["--database-url", "sqlite://a?b", "check"], 2);
    assert!(
        error.starts_with("Error: --database-url: database.url: "),
        "{error}"
    );
}

#[test]
fn no_section_shows_a_secret_that_stands_in_its_place() {
    for line in [
        "mail = \"smtps://bob:hunter2@mail.example\"",
        "redis = \"redis://:hunter2@cache\"",
        "session = [\"hunter2\"]",
    ] {
        let folder = Folder::new().with("doorward.toml", &format!("{line}\n{CONFIGURED}"));
        for command in ["check", "migrate", "runserver", "why"] {
            let error = match command {
                "why" => folder.fails(&["why", "alice", "GET", "/"], 2),
                command => folder.fails(&[command], 2),
            };
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
    let folder = Folder::new();
    for (name, value) in [
        ("DOORWARD_DATABASE", "postgres://app:hunter2@db"),
        ("DOORWARD_JWT__KEYS", "[\"-----BEGIN PRIVATE KEY----- hunter2\"]"),
        ("DOORWARD_SESSION__COOKIE_AGE", "hunter2"),
    ] {
        let output = folder
            .command(&["check"])
            .env(name, value)
            .output()
            .expect("the program runs");
        let error = super::support::errors(&output);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(name) && !error.contains("hunter2"), "{error}");
    }
}

#[test]
fn a_first_run_with_wrong_settings_makes_nothing() {
    let folder = Folder::new();
    let mut command = folder.command(&["runserver"]);
    let output = command
        .env("DOORWARD_JWT__LEEWAY", "soon")
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(!folder.path("doorward.key").exists());
}

#[test]
fn why_the_key_of_this_folder_does_not_count_is_told() {
    let folder = Folder::new().with("doorward.key", "a-key-for-tests-that-is-long-enough-0123456789\n");
    for (arguments, reason) in [
        (
            &["--database-url", "sqlite://a.sqlite3", "check"][..],
            "`database.url` is set",
        ),
        (
            &["runserver", "0.0.0.0:0"],
            "others than this machine can reach 0.0.0.0:0",
        ),
    ] {
        let error = folder.fails(arguments, 2);
        let parts = [
            "there is no secret key",
            "doorward.key in this folder does not count",
            reason,
            "DOORWARD_SECRET_KEY",
        ];
        assert!(parts.iter().all(|part| error.contains(part)), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    let folder = folder.with("doorward.toml", "debug = true\n");
    let error = folder.fails(&["check"], 2);
    assert!(
        error.contains("there is the settings file doorward.toml"),
        "{error}"
    );
}
