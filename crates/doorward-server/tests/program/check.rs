//! `check`, `routes` and `why`: what they say of a site, and with which code they end.

use super::support::{CONFIGURED, Folder, errors, printed};

/// Settings that leave nothing to wish for.
const DEPLOYED: &str = r#"
secret_key = "a-key-for-tests-that-is-long-enough-for-Django-too-0123456789"
allowed_hosts = ["api.example.com"]
[security]
hsts_seconds = 31536000
hsts_include_subdomains = true
hsts_preload = true
ssl_redirect = true
proxy_ssl_header = "X-Forwarded-Proto: https"
[session]
cookie_secure = true
[csrf]
cookie_secure = true
[rest]
throttle = ["anon", "user"]
[throttle]
trusted_proxies = ["10.0.0.0/8"]
rates = { anon = "100/day", user = "1000/day" }
[lockout]
failures = 5
"#;

/// A folder with those settings, which only its owner can open, and a database.
fn deployed() -> Folder {
    let folder = Folder::new().with("doorward.toml", DEPLOYED);
    folder.succeeds(&["migrate"]);
    assert!(folder.shell("chmod 600 doorward.*").status.success());
    folder
}

#[test]
fn a_site_that_can_be_served_has_no_issues() {
    let folder = Folder::migrated();
    let printed = folder.succeeds(&["check"]);
    assert_eq!(printed, "System check identified no issues.\n");
    assert_eq!(folder.succeeds(&["check", "--json"]), "[]\n");
}

#[test]
fn a_database_that_is_not_there_is_told_and_not_made() {
    let folder = Folder::new().with("doorward.toml", CONFIGURED);
    let output = folder.run(&["check"]);
    assert_eq!(output.status.code(), Some(1));
    let printed = printed(&output);
    assert!(
        printed.contains("ERROR") && printed.contains("doorward.E001"),
        "{printed}"
    );
    assert!(printed.contains("run `doorward migrate`"), "{printed}");
    assert!(
        printed.ends_with("\nSystem check identified 1 issue.\n"),
        "{printed}"
    );
    assert_eq!(errors(&output), "");
    assert_eq!(folder.names(), ["doorward.toml"]);
}

#[test]
fn a_database_without_tables_and_one_that_is_none_are_told() {
    let folder = Folder::new().with("doorward.toml", CONFIGURED);
    folder.empty_database();
    assert!(printed(&folder.run(&["check"])).contains("doorward.E002"));
    let folder = Folder::new()
        .with("doorward.toml", CONFIGURED)
        .with("doorward.sqlite3", &"no database ".repeat(400));
    assert!(printed(&folder.run(&["check"])).contains("doorward.E001"));
}

#[test]
fn impossible_settings_end_it_with_2() {
    let folder = Folder::new().with("doorward.toml", "secret_key = \"short\"\n");
    let error = folder.fails(&["check", "--deploy"], 2);
    assert!(error.contains("secret_key"), "{error}");
}

#[test]
fn a_site_that_is_ready_lists_its_open_routes_only() {
    let json = deployed().succeeds(&["check", "--deploy", "--json"]);
    assert!(
        json.starts_with("[{\"level\":\"INFO\",\"id\":\"doorward.I001\""),
        "{json}"
    );
    assert_eq!(json.matches("\"id\"").count(), 1, "{json}");
    assert!(
        json.contains("/healthz") && !json.contains("/api/profile/"),
        "{json}"
    );
}

#[test]
fn warnings_stop_a_pipeline_from_the_level_that_it_names() {
    let folder = Folder::migrated();
    let output = folder.run(&["check", "--deploy"]);
    assert_eq!(output.status.code(), Some(1));
    for id in [
        "security.W004",
        "security.W009",
        "security.W012",
        "doorward.W001",
        "doorward.W008",
    ] {
        assert!(printed(&output).contains(id), "{id}: {}", printed(&output));
    }
    folder.succeeds(&["check", "--deploy", "--fail-level", "ERROR"]);
    let ready = deployed();
    ready.succeeds(&["check", "--deploy"]);
    ready.fails(&["check", "--deploy", "--fail-level", "info"], 1);
}

#[test]
fn what_is_silenced_is_counted_and_stops_no_pipeline() {
    let modest = DEPLOYED.replace("hsts_include_subdomains = true\nhsts_preload = true\n", "");
    let folder = |first: &str| {
        let folder = Folder::new().with("doorward.toml", &format!("{first}{modest}"));
        assert!(folder.shell("chmod 600 doorward.*").status.success());
        folder
    };
    let loud = folder("");
    loud.succeeds(&["migrate"]);
    let told = printed(&loud.run(&["check", "--deploy"]));
    assert!(
        told.contains("security.W005") && told.contains("security.W021"),
        "{told}"
    );
    loud.fails(&["check", "--deploy"], 1);
    let quiet = folder("silenced_checks = [\"security.W005\", \"security.W021\"]\n");
    quiet.succeeds(&["migrate"]);
    let told = quiet.succeeds(&["check", "--deploy"]);
    assert!(
        told.ends_with("System check identified 1 issue (2 silenced).\n"),
        "{told}"
    );
    assert!(!told.contains("W005"), "{told}");
    let error = folder("silenced_checks = [\"securty.W005\"]\n").fails(&["check"], 2);
    assert!(
        error.contains("silenced_checks") && error.contains("did you mean `security.W005`?"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn files_that_everyone_can_open_are_told() {
    let folder = deployed();
    let told = |name: &str| {
        let json = printed(&folder.run(&["check", "--deploy", "--json"]));
        json.contains("doorward.W004") && json.contains(&format!("chmod o= {name}"))
    };
    for name in ["doorward.toml", "doorward.sqlite3"] {
        assert!(!told(name));
        assert!(folder.shell(&format!("chmod 604 {name}")).status.success());
        assert!(told(name), "{name}");
    }
}

#[test]
fn routes_are_listed_with_the_names_of_drf() {
    let printed = Folder::migrated().succeeds(&["routes"]);
    let line = |start: &str| {
        let mut lines = printed.lines().map(str::trim_start);
        lines.find(|line| line.starts_with(start)).map(str::to_owned)
    };
    let profile = line("/api/profile/").expect("it is there");
    assert!(
        profile.contains("BasicAuthentication") && profile.contains("IsAuthenticated"),
        "{profile}"
    );
    assert!(line("/healthz").expect("it is there").contains("public"));
    for noise in ["{", "None", "[", "\""] {
        assert!(!printed.contains(noise), "{noise}: {printed}");
    }
}

#[test]
fn routes_tell_their_throttles() {
    let folder = deployed();
    let json = folder.succeeds(&["routes", "--json"]);
    let throttles = "\"throttles\":[\"AnonRateThrottle\",\"UserRateThrottle\"]";
    assert!(json.contains(throttles), "{json}");
}

#[test]
fn why_tells_a_script_which_rule_decides() {
    let folder = Folder::migrated();
    folder.succeeds(&["createuser", "--noinput", "--username", "alice"]);
    let granted = folder.succeeds(&["why", "alice", "GET", "/api/profile/", "--json"]);
    let steps = "\"steps\":[{\"rule\":\"IsAuthenticated\",\"outcome\":\"grants\"}],\"status\":null";
    assert!(granted.contains(steps), "{granted}");
    let refused = folder.succeeds(&["why", "-", "GET", "/api/profile/", "--json"]);
    assert!(refused.contains("\"status\":401"), "{refused}");
    let error = folder.fails(&["why", "alice", "no method", "/api/profile/"], 1);
    assert!(error.contains("is no method"), "{error}");
}
