//! All that is wrong is told at once, a line each.

use super::Case;

#[test]
fn wrong_shapes_unknown_keys_and_impossible_values_are_told_together() {
    let case = Case::with_key(
        "debug = \"yes\"\n[jwt]\nleewai = \"1s\"\nleeway = 5\n[session]\ncookie_path = \"a\"\n[rest]\n\
         authentication = [\"basc\", \"session\", \"tokn\"]",
    );
    let errors = case
        .variable("DOORWARD_SERVER__MAX_BODY", "0")
        .variable("DOORWARD_NONSENSE", "1")
        .errors();
    let starts = [
        "DOORWARD_NONSENSE: nonsense: unknown key; ",
        "doorward.toml:2:9: debug: expected true or false, not a text",
        "doorward.toml:4:1: jwt.leewai: unknown key; did you mean `leeway`?",
        "doorward.toml:5:10: jwt.leeway: expected a duration, such as `100ms`, `90s`, `5m`, `1h` or `14d`, not this number",
        "doorward.toml:9:19: rest.authentication: `basc` is unknown; did you mean `basic`?",
        "doorward.toml:9:38: rest.authentication: `tokn` is unknown; did you mean `token`?",
        "DOORWARD_SERVER__MAX_BODY: server.max_body: 0 is out of range",
        "doorward.toml:7:15: session.cookie_path: `a` is no path",
    ];
    for start in starts {
        assert!(
            errors.iter().any(|error| error.starts_with(start)),
            "{start}: {errors:#?}"
        );
    }
    assert_eq!(errors.len(), starts.len(), "{errors:#?}");
}

#[test]
fn what_does_not_fit_is_not_told_again_as_impossible() {
    let errors = Case::file("secret_key = 1\n[database]\nurl = []").errors();
    assert_eq!(
        errors,
        [
            "doorward.toml:3:7: database.url: expected a text, not a list",
            "doorward.toml:1:14: secret_key: expected a text, not this number",
        ]
    );
}

#[test]
fn keys_in_a_list_of_tables_are_told_each() {
    let errors =
        Case::with_key("[[jwt.keys]]\nkdi = \"a\"\nsigning_key = 1\n[[jwt.keys]]\nalgorithm = true").errors();
    let keys = ["jwt.keys.kdi", "jwt.keys.signing_key", "jwt.keys.algorithm"];
    for key in keys {
        assert!(
            errors.iter().any(|error| error.contains(key)),
            "{key}: {errors:#?}"
        );
    }
}

#[test]
fn every_item_of_a_list_and_every_rate_is_told() {
    let errors = Case::with_key(
        "allowed_hosts = [\"https://a.example\", \"b.example\", \"c.example:80\"]\n[throttle.rates]\nanon = \"0/s\"\n\
         user = \"often\"\n[cors]\nallowed_origins = [\"a\", \"https://b.example/x\"]",
    )
    .errors();
    let parts = [
        "allowed_hosts: `https://a.example` is no host",
        "allowed_hosts: `c.example:80` is no host",
        "throttle.rates.anon",
        "throttle.rates.user",
        "cors.allowed_origins: `a`",
        "cors.allowed_origins: `https://b.example/x`",
    ];
    for part in parts {
        assert!(
            errors.iter().any(|error| error.contains(part)),
            "{part}: {errors:#?}"
        );
    }
    assert_eq!(errors.len(), parts.len(), "{errors:#?}");
}

#[test]
fn a_list_is_no_section() {
    let errors = Case::with_key("passwords = [[\"md5\"]]\n[jwt]\nkeys = [[\"a\"]]").errors();
    assert_eq!(
        errors,
        [
            "doorward.toml:4:9: jwt.keys: expected a section, not a list",
            "doorward.toml:2:13: passwords: expected a section, not a list",
        ]
    );
}

#[test]
fn a_file_of_something_else_ends() {
    let text: String = (0..20_000)
        .map(|number| format!("key_{number} = {number}\n"))
        .collect();
    assert_eq!(Case::file(&text).errors().len(), 100);
}

#[test]
fn what_is_nested_without_end_is_an_error() {
    for deep in [
        format!("{} = 1", vec!["a"; 100_000].join(".")),
        format!("debug = {}", "[".repeat(100_000)),
        format!("[{}]\nb = 1", vec!["jwt"; 100_000].join(".")),
    ] {
        assert!(Case::with_key(&deep).load().is_err());
    }
    let name = format!("DOORWARD_{}", vec!["A"; 40_000].join("__"));
    assert!(Case::with_key("").variable(&name, "1").load().is_err());
}
