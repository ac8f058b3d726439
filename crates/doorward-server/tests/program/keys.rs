//! `doorward keys`, and keys in files.

use std::thread;
use std::time::Duration;

use super::support::{CONFIGURED, Folder, Running, errors, field, mode};

const SETTINGS: &str = "[jwt]\nalgorithm = \"ES256\"\nkey_directory = \"keys\"\n";
const LOGIN: &str = "{\"username\": \"alice\", \"password\": \"wonderland-42\"}";
const JWKS: &str = "/.well-known/jwks.json";

fn with_settings(more: &str) -> Folder {
    Folder::new().with("doorward.toml", &format!("{CONFIGURED}{more}"))
}

fn states(folder: &Folder) -> Vec<(String, String)> {
    let list = folder.succeeds(&["keys", "list", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let text = |key: &serde_json::Value, name: &str| key[name].as_str().unwrap().to_owned();
    let keys = list.as_array().unwrap().iter();
    keys.map(|key| (text(key, "kid"), text(key, "state"))).collect()
}

fn pair(kid: &str, state: &str) -> (String, String) {
    (kid.to_owned(), state.to_owned())
}

#[test]
fn names_that_nobody_knows_are_told_before_any_key_is_made() {
    let folder = with_settings(&format!("{SETTINGS}[rest]\nauthentication = [\"sesion\"]\n"));
    let told = folder.fails(&["keys", "add"], 2);
    assert!(told.contains("did you mean `session`?"), "{told}");
    assert!(!folder.path("keys").exists());
}

#[test]
fn keys_are_added_rotated_and_retired() {
    let folder = with_settings(SETTINGS);
    assert!(folder.succeeds(&["keys", "list"]).contains("No keys in keys"));
    let said = folder.succeeds(&["keys", "add", "--kid", "a"]);
    assert_eq!(said, "Key a signs and verifies.\n");
    folder.succeeds(&["keys", "add", "--kid", "b"]);
    assert_eq!(states(&folder), [pair("a", "signs"), pair("b", "verifies")]);
    assert_eq!(mode(&folder.path("keys")), 0o700);
    assert_eq!(mode(&folder.path("keys/a.key")), 0o600);

    folder.succeeds(&["keys", "rotate", "--kid", "c"]);
    assert_eq!(
        states(&folder),
        [pair("a", "signs"), pair("b", "verifies"), pair("c", "waits")]
    );
    assert!(folder.read("keys/a.key").contains("verifies-until: "));
    folder.succeeds(&["keys", "rotate", "--to", "b", "--lead", "0s"]);
    assert_eq!(states(&folder)[1], pair("b", "signs"));

    let refused = folder.fails(&["keys", "retire", "b"], 1);
    assert!(refused.contains("--force"), "{refused}");
    folder.succeeds(&["keys", "retire", "a"]);
    assert_eq!(states(&folder)[0], pair("a", "retired"));
    assert!(folder.succeeds(&["keys", "list"]).contains("ES256"));
    let names = std::fs::read_dir(folder.path("keys")).unwrap().count();
    assert_eq!(names, 3, "no drafts are left");
}

#[test]
fn names_stand_once_and_are_plain() {
    let folder = with_settings(SETTINGS);
    folder.succeeds(&["keys", "add", "--kid", "a"]);
    assert!(
        folder
            .fails(&["keys", "add", "--kid", "a"], 1)
            .contains("already")
    );
    for kid in ["../a", ".a", "a b", ""] {
        folder.fails(&["keys", "add", "--kid", kid], 1);
    }
    assert!(folder.fails(&["keys", "retire", "z"], 1).contains("`z`"));
    folder.fails(&["keys", "rotate", "--to", "z"], 1);
    folder.fails(&["keys", "add", "--algorithm", "none"], 2);
    let unset = with_settings("");
    assert!(unset.fails(&["keys", "list"], 2).contains("jwt.key_directory"));
}

#[test]
fn openssl_reads_our_keys_and_we_read_its() {
    let folder = with_settings(SETTINGS);
    folder.succeeds(&["keys", "add", "--kid", "a"]);
    let made = folder.shell(
        "openssl pkey -in keys/a.key -pubout -out pub.pem && \
         (umask 077; openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out own.pem)",
    );
    if !made.status.success() && errors(&made).contains("not found") {
        return;
    }
    assert!(made.status.success(), "{}", errors(&made));
    folder.succeeds(&["keys", "add", "--kid", "own", "--file", "own.pem"]);
    folder.shell("chmod 600 pub.pem");
    folder.succeeds(&["keys", "add", "--kid", "public", "--file", "pub.pem"]);
    let refused = folder.fails(&["keys", "rotate", "--to", "public"], 1);
    assert!(refused.contains("private"), "{refused}");
}

fn serving(folder: &Folder) -> Running {
    folder.succeeds(&["migrate"]);
    let made = folder.input(
        &["createuser", "--username", "alice", "--password-stdin"],
        "wonderland-42\n",
    );
    assert!(made.status.success(), "{}", errors(&made));
    folder.serve()
}

fn wait_until(what: &str, done: impl Fn() -> bool) {
    let came = (0..1000).any(|_| {
        thread::sleep(Duration::from_millis(20));
        done()
    });
    assert!(came, "{what} did not come");
}

fn opens(server: &Running, token: &str) -> bool {
    let header = format!("Authorization: Bearer {token}\r\n");
    server
        .call("GET", "/api/profile/", &header, "")
        .starts_with("HTTP/1.1 200")
}

#[test]
fn a_server_takes_over_new_keys_while_it_runs() {
    let folder = with_settings(SETTINGS);
    folder.succeeds(&["keys", "add", "--kid", "first"]);
    let server = serving(&folder);
    let old = field(&server.post("/api/token/", LOGIN), "access");
    folder.succeeds(&["keys", "rotate", "--kid", "second", "--lead", "0s"]);
    server.signal("HUP");
    wait_until("the second key", || server.get(JWKS).contains("\"second\""));
    let new = field(&server.post("/api/token/", LOGIN), "access");
    assert_ne!(old.split('.').next(), new.split('.').next());
    assert!(opens(&server, &old) && opens(&server, &new));
    folder.succeeds(&["keys", "retire", "first"]);
    wait_until("the end of the first key, without a signal", || {
        !opens(&server, &old)
    });
    assert!(opens(&server, &new));
    folder.shell("echo nonsense > keys/second.key");
    server.signal("HUP");
    wait_until("an error in the log", || server.log().contains("cannot be read"));
    assert!(opens(&server, &new), "the keys at hand stay");
}

#[test]
fn key_files_that_cannot_be_used_stop_the_start() {
    let folder = with_settings("[jwt]\nsigning_key_file = \"jwt.key\"\n");
    let fails = |line: &str, says: &str| {
        let made = folder.shell(&format!("rm -rf jwt.key; {line}"));
        assert!(made.status.success(), "{}", errors(&made));
        let said = folder.fails(&["routes"], 2);
        assert!(
            said.contains("jwt.signing_key_file") && said.contains(says),
            "{line}: {said}"
        );
        assert!(said.contains("doorward.toml:"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    };
    let long = "hunter2-hunter2-hunter2-hunter2-hunter2";
    fails("true", "No such file");
    fails(&format!("echo {long} > jwt.key; chmod 644 jwt.key"), "chmod 600");
    fails(&format!("echo {long} > jwt.key; chmod 602 jwt.key"), "chmod go-w");
    fails(
        &format!("echo {long} > t; chmod 644 t; ln -s t jwt.key"),
        "chmod 600",
    );
    fails("mkfifo -m 600 jwt.key", "no regular file");
    fails("mkdir -m 700 jwt.key", "no regular file");
    fails("(umask 077; : > jwt.key)", "empty");
    fails("(umask 077; echo hunter2 > jwt.key)", "32");
    fails("(umask 077; head -c 70000 /dev/zero > jwt.key)", "64 KiB");
    fails("(umask 077; printf '\\377' > jwt.key)", "UTF-8");
    let good = folder.shell(&format!(
        "rm -rf jwt.key t; (umask 077; echo {long} > t); ln -s t jwt.key"
    ));
    assert!(good.status.success());
    folder.succeeds(&["routes"]);
}

#[test]
fn key_files_are_named_in_the_environment_too() {
    let folder = with_settings("");
    let run = |name: &str, value: &str| folder.command(&["routes"]).env(name, value).output().unwrap();
    folder.shell("(umask 077; echo a-secret-that-is-long-enough-0123456789 > k)");
    assert!(run("DOORWARD_JWT__SIGNING_KEY_FILE", "k").status.success());
    assert!(!run("DOORWARD_JWT__SIGNING_KEY_FILE", "none").status.success());
    let keys = "[{ kid = \"a\", signing_key_file = \"k\" }]";
    let output = run("DOORWARD_JWT__KEYS", keys);
    assert!(output.status.success(), "{}", errors(&output));
    let output = run(
        "DOORWARD_JWT__KEYS",
        "[{ kid = \"a\", signing_key = \"hunter2\" }]",
    );
    let said = errors(&output);
    assert!(said.contains("jwt.keys") && !said.contains("hunter2"), "{said}");
    let output = run(
        "DOORWARD_JWT__KEYS",
        "[{ kid = \"a\", signing_key = [\"hunter2\"] }]",
    );
    assert!(!errors(&output).contains("hunter2"), "{}", errors(&output));
}
