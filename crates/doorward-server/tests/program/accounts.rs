//! Accounts made and changed from the command line.

use super::support::{Folder, errors, printed};

#[test]
fn superusers_are_made_from_variables() {
    let folder = Folder::migrated();
    let mut command = folder.command(&["createsuperuser", "--noinput"]);
    command
        .env("DJANGO_SUPERUSER_USERNAME", "root")
        .env("DJANGO_SUPERUSER_EMAIL", "root@EXAMPLE.com");
    let output = command
        .env("DJANGO_SUPERUSER_PASSWORD", "secret")
        .output()
        .expect("the program runs");
    assert_eq!(
        printed(&output),
        "Superuser created successfully.\n",
        "{}",
        errors(&output)
    );
    let server = folder.serve();
    let answer = server.call(
        "GET",
        "/api/profile/",
        "Authorization: Basic cm9vdDpzZWNyZXQ=\r\n",
        "",
    );
    assert!(
        answer.ends_with("{\"username\":\"root\",\"email\":\"root@example.com\"}"),
        "{answer}"
    );
}

#[test]
fn superusers_without_a_terminal_are_refused_as_django_refuses_them() {
    let folder = Folder::migrated();
    let skipped = folder.fails(&["createsuperuser"], 1);
    assert!(
        skipped.starts_with("Error: Superuser creation skipped due to not running in a TTY."),
        "{skipped}"
    );
    let cases = [
        (&["--noinput"][..], "You must use --username with --noinput."),
        (
            &["--noinput", "--username", "a"],
            "You must use --email with --noinput.",
        ),
        (
            &["--noinput", "--username", "", "--email", "a@b.co"],
            "Username cannot be blank.",
        ),
        (
            &["--noinput", "--username", "a", "--email", "nonsense"],
            "Enter a valid email address.",
        ),
        (
            &["--noinput", "--username", "a b", "--email", "a@b.co"],
            "Enter a valid username. This value may contain",
        ),
    ];
    for (options, problem) in cases {
        let arguments: Vec<_> = ["createsuperuser"].iter().chain(options).copied().collect();
        let error = folder.fails(&arguments, 1);
        assert!(error.starts_with(&format!("Error: {problem}")), "{error}");
    }
}

#[test]
fn a_username_is_taken_once() {
    let folder = Folder::migrated();
    let arguments = ["createuser", "--noinput", "--username", "Ａlice"];
    assert_eq!(folder.succeeds(&arguments), "User created successfully.\n");
    let error = folder.fails(&["createuser", "--noinput", "--username", "Alice"], 1);
    assert_eq!(error, "Error: That username is already taken.\n");
}

#[test]
fn passwords_from_a_script_are_judged() {
    let folder = Folder::migrated();
    let arguments = ["createuser", "--username", "alice", "--password-stdin"];
    let refused = folder.input(&arguments, "password\n");
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(errors(&refused), "Error: This password is too common.\n");
    assert_eq!(
        errors(&folder.input(&arguments, "")),
        "Error: no password came on standard input\n"
    );
    assert_eq!(
        printed(&folder.input(&arguments, "wonderland-42\n")),
        "User created successfully.\n"
    );
}

#[test]
fn a_changed_password_is_the_one_that_counts() {
    let folder = Folder::migrated();
    folder.input(
        &["createuser", "--username", "alice", "--password-stdin"],
        "wonderland-42\n",
    );
    let changed = folder.input(
        &["changepassword", "alice", "--password-stdin"],
        "looking-glass-7\n",
    );
    assert_eq!(
        printed(&changed),
        "Password changed successfully for user 'alice'\n",
        "{}",
        errors(&changed)
    );
    let server = folder.serve();
    let login = |password: &str| {
        server.post(
            "/api/token/",
            &format!("{{\"username\": \"alice\", \"password\": \"{password}\"}}"),
        )
    };
    assert!(login("looking-glass-7").starts_with("HTTP/1.1 200"));
    assert!(login("wonderland-42").starts_with("HTTP/1.1 401"));
}

#[test]
fn passwords_of_nobody_are_not_changed() {
    let folder = Folder::migrated();
    let error = folder.fails(&["changepassword", "nobody"], 1);
    assert_eq!(error, "Error: user 'nobody' does not exist\n");
}

#[test]
fn a_password_without_a_name_is_asked_for_one() {
    let folder = Folder::migrated();
    for arguments in [["changepassword", "--password-stdin"], ["changepassword", ""]] {
        let mut command = folder.command(&arguments);
        for name in ["LOGNAME", "USER", "LNAME", "USERNAME"] {
            command.env_remove(name);
        }
        let output = command.output().expect("it runs");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(
            errors(&output),
            "Error: say whose password: doorward changepassword USERNAME\n"
        );
    }
}

/// Where case is ignored at the login, nobody is made whom another would shut out.
#[test]
fn no_twin_is_made_where_case_is_ignored() {
    let settings = "secret_key = \"a-key-for-tests-that-is-long-enough-0123456789\"\n[passwords]\nhashers = [\"md5\"]\n\
                    backends = [\"ModelBackend\", \"CaseInsensitiveModelBackend\", \"EmailBackend\"]\n";
    let folder = Folder::new().with("doorward.toml", settings);
    folder.succeeds(&["migrate"]);
    let alice = [
        "createuser",
        "--noinput",
        "--username",
        "alice",
        "--email",
        "alice@example.org",
    ];
    folder.succeeds(&alice);
    let error = folder.fails(&["createuser", "--noinput", "--username", "ALICE"], 1);
    assert_eq!(error, "Error: That username is already taken.\n");
    let superuser = [
        "createsuperuser",
        "--noinput",
        "--username",
        "bob",
        "--email",
        "Alice@example.org",
    ];
    let error = folder.fails(&superuser, 1);
    assert_eq!(error, "Error: A user with that email address already exists.\n");
}

#[test]
fn users_get_a_token_where_the_settings_want_it() {
    let folder = Folder::migrated();
    let mut command = folder.command(&["createuser", "--noinput", "--username", "alice"]);
    assert!(
        command
            .env("DOORWARD_TOKEN__AUTO_CREATE", "true")
            .status()
            .expect("it runs")
            .success()
    );
    let script = "sqlite3 doorward.sqlite3 'SELECT count(*) FROM authtoken_token' 2>/dev/null || echo 1";
    assert_eq!(printed(&folder.shell(script)).trim(), "1");
}
