//! What the program says of settings and command lines that are wrong: exit code 2, one line.

use std::process::Stdio;

use super::support::{CONFIGURED, Folder, errors};

#[test]
fn wrong_settings_end_with_2_and_one_line() {
    let folder = Folder::new().with("doorward.toml", &format!("{CONFIGURED}[jwt]\nleewai = \"1s\"\n"));
    let error = folder.fails(&["migrate"], 2);
    assert!(
        error.starts_with("Error: doorward.toml:5:1: jwt.leewai: unknown key; did you mean `leeway`?"),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1);
}

#[test]
fn a_settings_file_that_is_not_there_ends_with_2() {
    let error = Folder::new().fails(&["--config", "nowhere.toml", "migrate"], 2);
    assert!(
        error.starts_with("Error: nowhere.toml: cannot read the settings: "),
        "{error}"
    );
}

#[test]
fn wrong_databases_end_with_2_and_show_no_password() {
    let folder = Folder::new().with("doorward.toml", CONFIGURED);
    for url in [
        "postgres://app:hunter2@db:port/app",
        "postgres://app:hunter2@db/app?hunter2=1",
        "nonsense:hunter2",
        "sqlite:///no/such/folder/hunter2-not-really",
    ] {
        let error = folder.fails(&["--database-url", url, "migrate"], 2);
        assert!(error.starts_with("Error: "), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(url.starts_with("sqlite") || !error.contains("hunter2"), "{error}");
    }
}

#[test]
fn a_server_that_is_away_ends_with_1_and_shows_no_password() {
    let folder = Folder::new().with("doorward.toml", CONFIGURED);
    let url = "postgres://app:hunter2@127.0.0.1:1/shop";
    let error = folder.fails(&["--database-url", url, "migrate"], 1);
    assert!(
        error.starts_with("Error: shop on 127.0.0.1:1: the database is away"),
        "{error}"
    );
    assert!(
        error.contains("see that it runs") && !error.contains("hunter2"),
        "{error}"
    );
}

#[test]
fn wrong_command_lines_end_with_2() {
    let folder = Folder::new();
    for arguments in [
        &["nonsense"][..],
        &["migrate", "--nonsense"],
        &["drf_create_token"],
        &["--log", "a=b=c", "routes"],
    ] {
        assert!(!folder.fails(arguments, 2).is_empty());
    }
}

#[test]
fn help_and_version_end_with_0() {
    let folder = Folder::new();
    assert!(folder.succeeds(&["--help"]).contains("createsuperuser"));
    assert!(folder.succeeds(&["--version"]).starts_with("doorward "));
}

#[cfg(unix)]
#[test]
fn arguments_that_are_no_text_end_with_2() {
    use std::os::unix::ffi::OsStringExt;
    let folder = Folder::new().with("doorward.toml", CONFIGURED);
    let mut command = folder.command(&["drf_create_token"]);
    command.arg(std::ffi::OsString::from_vec(vec![b'a', 0xFF]));
    let output = command.output().expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(errors(&output).contains("UTF-8"), "{}", errors(&output));
}

#[test]
fn a_reader_that_stops_reading_is_no_news() {
    let folder = Folder::new().with("doorward.toml", CONFIGURED);
    let mut command = folder.command(&["routes"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(errors(&output), "");
}
