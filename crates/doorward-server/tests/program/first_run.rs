//! The first run of the contract, from an empty folder.

use std::fs;

use super::support::{Folder, errors, mode, printed};

#[test]
fn it_makes_what_it_needs_and_its_lines_work_as_pasted() {
    let folder = Folder::new();
    let mut server = folder.serve();
    for name in ["doorward.key", "doorward.password", "doorward.sqlite3"] {
        assert_eq!(mode(&folder.path(name)), 0o600, "{name}");
    }
    let mut lines = Vec::new();
    let welcome = welcome(&folder);
    for paragraph in welcome.split("\n\n").filter(|text| text.starts_with("# ")) {
        let script = paragraph.replace("127.0.0.1:9", &server.address);
        lines.push(printed(&folder.shell(&script)));
    }
    let profile = "{\"username\":\"admin\",\"email\":\"\"}";
    assert_eq!(lines, [profile; 4], "Basic, Session, Token, JWT");
    server.signal("TERM");
    assert_eq!(server.ended(), Some(0));
    let password = folder.read("doorward.password");
    assert!(
        !server.output().contains(password.trim()),
        "the password is shown on a terminal only"
    );
    assert!(!server.log().contains(password.trim()));
}

/// What another start in the same folder prints, whatever its port: it uses again what there is.
fn welcome(folder: &Folder) -> String {
    let before = folder.read("doorward.key") + &folder.read("doorward.password");
    let mut second = folder.serve();
    second.signal("TERM");
    assert_eq!(second.ended(), Some(0));
    assert_eq!(
        folder.read("doorward.key") + &folder.read("doorward.password"),
        before
    );
    second.output().replace(&second.address, "127.0.0.1:9")
}

#[test]
fn two_first_runs_at_once_share_what_they_make() {
    let folder = Folder::new();
    let servers: Vec<_> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..3).map(|_| scope.spawn(|| folder.serve())).collect();
        starts
            .into_iter()
            .map(|start| start.join().expect("it starts"))
            .collect()
    });
    let names = folder.names();
    let made = ["doorward.key", "doorward.password", "doorward.sqlite3"];
    assert!(
        made.iter().all(|name| names.contains(&(*name).to_owned())),
        "{names:?}"
    );
    let login = format!(
        "{{\"username\": \"admin\", \"password\": \"{}\"}}",
        folder.read("doorward.password").trim()
    );
    for server in &servers {
        assert!(server.post("/api/token/", &login).starts_with("HTTP/1.1 200"));
    }
}

#[test]
fn commands_in_the_same_folder_use_its_key() {
    let folder = Folder::new();
    folder.serve();
    let printed = folder.succeeds(&["drf_create_token", "admin"]);
    assert!(printed.starts_with("Generated token "), "{printed}");
}

#[test]
fn a_password_that_was_changed_is_not_looked_for_in_its_file() {
    let folder = Folder::new();
    folder.serve();
    let changed = folder.input(
        &["changepassword", "admin", "--password-stdin"],
        "another battery staple\n",
    );
    assert!(changed.status.success(), "{}", errors(&changed));
    let mut again = folder.serve();
    again.signal("TERM");
    assert_eq!(again.ended(), Some(0));
    let said = again.output();
    assert!(
        said.contains("Doorward is ready at") && !said.contains("doorward.password"),
        "{said}"
    );
}

#[test]
fn any_other_start_without_a_key_says_what_to_do() {
    let remedy = "make one with `doorward generate-key`";
    let folder = Folder::new();
    assert!(folder.fails(&["runserver", "0.0.0.0:0"], 2).contains(remedy));
    assert!(
        folder
            .fails(&["--database-url", "sqlite://other.sqlite3"], 2)
            .contains(remedy)
    );
    assert!(folder.fails(&["migrate"], 2).contains(remedy));
    assert_eq!(folder.names(), [""; 0], "nothing is made");
    let folder = folder.with("doorward.toml", "debug = false\n");
    assert!(folder.fails(&["runserver", "127.0.0.1:0"], 2).contains(remedy));
    assert_eq!(folder.names(), ["doorward.toml"]);
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let folder = Folder::new().with("doorward.key", "a-key-for-tests-that-is-long-enough-0123456789\n");
    let error = folder.fails(&["runserver", "127.0.0.1:0"], 2);
    assert!(
        error.contains("doorward.key: others may read it; run `chmod 600 doorward.key`"),
        "{error}"
    );
}

#[test]
fn what_is_no_database_is_left_alone() {
    let folder = Folder::new().with(
        "doorward.sqlite3",
        "this is a letter to my aunt, and no database at all",
    );
    let error = folder.fails(&["runserver", "127.0.0.1:0"], 2);
    assert!(error.contains("doorward.sqlite3"), "{error}");
    let kept = fs::read_to_string(folder.path("doorward.sqlite3")).expect("it is there");
    assert_eq!(kept, "this is a letter to my aunt, and no database at all");
}

/// Where the address is taken, there is nothing to be said of files, and none is made.
#[test]
fn a_taken_port_leaves_nothing_behind() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    for options in [
        &["runserver", &address][..],
        &["runserver", &address, "--tls-self-signed"],
    ] {
        let folder = Folder::new();
        let told = folder.fails(options, 1);
        assert!(told.contains(&address), "{told}");
        assert_eq!(folder.names(), Vec::<String>::new(), "{options:?}");
    }
    let folder = Folder::new();
    let mut command = folder.command(&["runserver", "127.0.0.1:0"]);
    let output = command
        .env("DOORWARD_METRICS__BIND", &address)
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(folder.names(), Vec::<String>::new());
}

#[test]
fn who_gives_a_port_as_an_option_is_told_where_it_goes() {
    let told = Folder::new().fails(&["runserver", "--port", "8001"], 2);
    assert!(told.contains("runserver takes ADDR:PORT"), "{told}");
}
