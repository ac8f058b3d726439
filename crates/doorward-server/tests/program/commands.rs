//! Commands on tables: what they print, and how they end.

use super::support::{CONFIGURED, Folder, field, printed};

#[test]
fn migrate_says_what_it_does_as_django_says_it() {
    let folder = Folder::new().with("doorward.toml", CONFIGURED);
    folder.fails(&["migrate", "--check"], 1);
    assert!(
        folder
            .succeeds(&["migrate", "--plan"])
            .starts_with("Planned operations:\ncontenttypes.0001_initial\n")
    );
    let printed = folder.succeeds(&["migrate"]);
    let start = "Operations to perform:\n  Apply all migrations: admin, auth, authtoken, contenttypes";
    assert!(printed.starts_with(start), "{printed}");
    assert!(
        printed.contains("Running migrations:\n  Applying contenttypes.0001_initial... OK\n"),
        "{printed}"
    );
    assert!(
        folder
            .succeeds(&["migrate"])
            .ends_with("Running migrations:\n  No migrations to apply.\n")
    );
    assert_eq!(
        folder.succeeds(&["migrate", "--plan"]),
        "Planned operations:\n  No planned migration operations.\n"
    );
    assert_eq!(folder.succeeds(&["migrate", "--check"]), "");
}

#[test]
fn migrates_at_once_take_turns() {
    let folder = Folder::new().with("doorward.toml", CONFIGURED);
    let applied = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| folder.succeeds(&["migrate"])))
            .collect();
        let printed = runs.into_iter().map(|run| run.join().expect("it succeeds"));
        printed
            .filter(|text| text.contains("Applying contenttypes.0001_initial"))
            .count()
    });
    assert_eq!(applied, 1);
    assert!(!folder.succeeds(&["showmigrations"]).contains("[ ]"));
}

#[test]
fn showmigrations_lists_apps_and_marks_what_is_applied() {
    let folder = Folder::new().with("doorward.toml", CONFIGURED);
    assert!(
        folder
            .succeeds(&["showmigrations"])
            .contains("auth\n [ ] 0001_initial\n")
    );
    folder.succeeds(&["migrate"]);
    assert!(
        folder
            .succeeds(&["showmigrations"])
            .contains("auth\n [X] 0001_initial\n")
    );
    let json = folder.succeeds(&["showmigrations", "--json"]);
    assert!(
        json.contains("\"auth\":[{\"name\":\"0001_initial\",\"applied\":\"20"),
        "{json}"
    );
}

#[test]
fn a_database_without_tables_is_not_served() {
    let folder = Folder::new().with("doorward.toml", CONFIGURED);
    let commands = [
        &["runserver", "127.0.0.1:0"][..],
        &["createuser", "--noinput", "--username", "a"],
        &["clearsessions"],
        &["why", "-", "GET", "/"],
    ];
    for command in commands {
        let error = folder.fails(command, 1);
        assert!(
            error.contains("there is no database at ") && error.contains("/doorward.sqlite3"),
            "{error}"
        );
        assert!(error.contains("run `doorward migrate` to make it"), "{error}");
        assert_eq!(folder.names(), ["doorward.toml"], "none is made");
    }
    folder.empty_database();
    for command in commands {
        let error = folder.fails(command, 1);
        assert!(error.contains("Run `doorward migrate` to apply them."), "{error}");
    }
}

#[test]
fn a_superuser_that_was_not_made_is_a_failure() {
    let error = Folder::migrated().fails(&["createsuperuser"], 1);
    assert!(
        error.contains("Superuser creation skipped due to not running in a TTY."),
        "{error}"
    );
    assert!(error.contains("--noinput --username"), "{error}");
}

#[test]
fn a_table_of_ours_that_was_dropped_is_made_again() {
    let folder = Folder::migrated();
    folder.sql("DROP TABLE doorward_login_counter");
    let told = printed(&folder.run(&["check"]));
    assert!(
        told.contains("doorward.E004") && told.contains("doorward_login_counter"),
        "{told}"
    );
    assert!(
        folder
            .fails(&["clearsessions"], 1)
            .contains("Run `doorward migrate`")
    );
    let told = folder.succeeds(&["migrate"]);
    assert!(
        told.contains("Applying doorward.mend_doorward_login_counter... OK"),
        "{told}"
    );
    folder.succeeds(&["check"]);
    folder.succeeds(&["clearsessions"]);
}

#[test]
fn tokens_are_shown_and_reset() {
    let folder = Folder::migrated();
    let error = folder.fails(&["drf_create_token", "alice"], 1);
    assert_eq!(
        error,
        "Error: Cannot create the Token: user alice does not exist\n"
    );
    folder.succeeds(&["createuser", "--noinput", "--username", "alice"]);
    let first = folder.succeeds(&["drf_create_token", "alice"]);
    assert!(
        first.starts_with("Generated token ") && first.ends_with(" for user alice\n"),
        "{first}"
    );
    assert_eq!(folder.succeeds(&["create-token", "alice"]), first);
    assert_ne!(folder.succeeds(&["drf_create_token", "-r", "alice"]), first);
    let token = field(
        &folder.succeeds(&["drf_create_token", "--json", "alice"]),
        "token",
    );
    assert_eq!(token.len(), 40);
}

#[test]
fn what_expired_is_deleted_quietly() {
    let folder = Folder::migrated();
    assert_eq!(folder.succeeds(&["clearsessions"]), "");
    assert_eq!(folder.succeeds(&["flushexpiredtokens"]), "");
    assert_eq!(folder.succeeds(&["clearsessions", "--json"]), "{\"deleted\":0}\n");
    assert_eq!(
        folder.succeeds(&["flushexpiredtokens", "--json"]),
        "{\"deleted\":0}\n"
    );
}

#[test]
fn generated_keys_are_good_ones() {
    let folder = Folder::new();
    let key = folder.succeeds(&["generate-key"]);
    assert_ne!(folder.succeeds(&["generate-key"]), key);
    let mut command = folder.command(&["migrate"]);
    let status = command
        .env("DOORWARD_SECRET_KEY", key.trim())
        .status()
        .expect("the program runs");
    assert!(status.success());
}

#[test]
fn why_tells_who_refuses() {
    let folder = Folder::migrated();
    folder.succeeds(&["createuser", "--noinput", "--username", "alice"]);
    let granted = "route /api/profile/\nIsAuthenticated grants\nanswer: what the handler says\n";
    assert_eq!(
        folder.succeeds(&["why", "alice", "get", "/api/profile/"]),
        granted
    );
    let refused = "route /api/profile/\nIsAuthenticated refuses: nobody has authenticated\n\
        answer: 401 Authentication credentials were not provided.\n";
    assert_eq!(folder.succeeds(&["why", "-", "GET", "/api/profile/"]), refused);
    let json = folder.succeeds(&["why", "alice", "POST", "/api/profile/", "--json"]);
    assert!(json.contains("\"status\":405"), "{json}");
    let told = "Error: no route has the path /nowhere/: every caller is answered 404; `doorward routes` lists the \
                paths\n";
    for options in [
        &["why", "alice", "GET", "/nowhere/"][..],
        &["why", "-", "GET", "/nowhere/", "--json"],
    ] {
        assert_eq!(folder.fails(options, 1), told);
    }
    let error = folder.fails(&["why", "nobody", "GET", "/api/profile/"], 1);
    assert!(error.contains("user nobody does not exist"), "{error}");
}

#[test]
fn routes_tell_paths_methods_and_policies() {
    let folder = Folder::migrated();
    let printed = folder.succeeds(&["routes"]);
    for path in [
        "/ ",
        "/admin/",
        "/api/token/refresh/",
        "/api-token-auth/",
        "/api/profile/",
        "/healthz",
        "/readyz",
    ] {
        assert!(printed.contains(path), "{path}: {printed}");
    }
    let json = folder.succeeds(&["routes", "--json"]);
    assert!(
        json.contains("{\"path\":\"/healthz\",\"methods\":[\"GET\""),
        "{json}"
    );
}
