//! What commands that only read do with files that are no database, or none that can be used: they name the file, say what
//! to do, and leave everything as it was.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::Output;
use std::thread;
use std::time::{Duration, SystemTime};

use super::support::{CONFIGURED, Folder, errors, printed};

const DATABASE: &str = "doorward.sqlite3";

/// Every command that only reads, and whether it looks at the database.
const READING: &[(&[&str], bool)] = &[
    (&["migrate", "--check"], true),
    (&["migrate", "--plan"], true),
    (&["showmigrations"], true),
    (&["showmigrations", "--json"], true),
    (&["adopt", "--check"], true),
    (&["check"], true),
    (&["check", "--deploy", "--json"], true),
    (&["why", "-", "GET", "/api/profile/"], true),
    (&["lockout", "list"], true),
    (&["routes"], false),
    (&["routes", "--json"], false),
    (&["generate-key"], false),
];

/// What a command makes of a file.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Expected {
    /// It is read.
    Good,
    /// There is no database yet; those that plan or list tell what would be made.
    Absent,
    /// It is refused with these words.
    Refused(&'static str),
}
use Expected::{Absent, Good, Refused};

/// Makes the file in a folder that has a good one.
type Prepare = fn(&Folder);

/// Each file by what is odd about it.
const ODD: &[(&str, Prepare, Expected)] = &[
    ("closed, with a log", |_| {}, Good),
    ("closed, as Django makes it", |folder| make_djangos(folder), Good),
    ("read-only, in a read-only folder", read_only, Good),
    (
        "missing",
        |folder| drop(fs::remove_file(folder.path(DATABASE))),
        Absent,
    ),
    (
        "empty",
        |folder| fs::write(folder.path(DATABASE), "").unwrap(),
        Absent,
    ),
    ("a folder", a_folder, Refused("this is not a file")),
    (
        "a pipe",
        |folder| shell(folder, "rm doorward.sqlite3; mkfifo doorward.sqlite3"),
        Refused("this is not a file"),
    ),
    (
        "a device",
        |folder| shell(folder, "ln -sf /dev/null doorward.sqlite3"),
        Refused("this is not a file"),
    ),
    (
        "text",
        |folder| fs::write(folder.path(DATABASE), "id,name\n".repeat(900)).unwrap(),
        Refused("not a SQLite database"),
    ),
    (
        "zeros",
        |folder| fs::write(folder.path(DATABASE), [0; 8192]).unwrap(),
        Refused("not a SQLite database"),
    ),
    ("cut short", cut_short, Refused("cut short")),
    ("damaged", damaged, Refused("is damaged")),
    (
        "a journal of a killed writer",
        |folder| killed(folder, make_djangos),
        Refused("in the middle of a change"),
    ),
    ("a log of a killed writer", |folder| killed(folder, |_| {}), Good),
    (
        "a log without its index",
        without_index,
        Refused("in the middle of a change"),
    ),
];

fn shell(folder: &Folder, line: &str) {
    assert!(folder.shell(line).status.success(), "{line}");
}

/// A journal instead of a log: bytes 18 and 19 say which (<https://sqlite.org/fileformat2.html>).
fn make_djangos(folder: &Folder) {
    change(folder, |bytes| {
        bytes.splice(18..20, [1, 1]);
    });
}

fn change(folder: &Folder, change: impl FnOnce(&mut Vec<u8>)) {
    let path = folder.path(DATABASE);
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

fn read_only(folder: &Folder) {
    shell(folder, "chmod 400 doorward.sqlite3; chmod 500 .");
}

fn a_folder(folder: &Folder) {
    fs::remove_file(folder.path(DATABASE)).unwrap();
    fs::create_dir(folder.path(DATABASE)).unwrap();
}

fn cut_short(folder: &Folder) {
    change(folder, |bytes| bytes.truncate(bytes.len() / 2));
}

fn damaged(folder: &Folder) {
    make_djangos(folder);
    change(folder, |bytes| {
        let pages = bytes.chunks_mut(4096).skip(1);
        pages.for_each(|page| page.iter_mut().take(100).for_each(|byte| *byte = 0xff));
    });
}

/// The files as they lie there while a transaction goes on that is larger than its cache, and for a log after its end.
fn killed(folder: &Folder, prepare: Prepare) {
    prepare(folder);
    let other = Folder::new();
    folder.on_database(async |database| {
        // A journal counts from when it is said to be on the disk.
        database.execute("PRAGMA synchronous = OFF", []).await.unwrap();
        let mut transaction = database.transaction().await.unwrap();
        transaction.execute("PRAGMA cache_size = 1", []).await.unwrap();
        let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) \
            INSERT INTO django_session SELECT 'key' || i, hex(randomblob(2000)), '2001-01-01 00:00:00' FROM n";
        transaction.execute(many, []).await.unwrap();
        match folder.names().iter().any(|name| name.ends_with("-journal")) {
            true => {
                copy(folder, &other);
                // Before its files are replaced: a rollback deletes the journal of that name, whosever it is by then.
                transaction.rollback().await.unwrap();
            }
            false => {
                transaction.commit().await.unwrap();
                copy(folder, &other);
            }
        }
    });
    for name in folder.names().iter().filter(|name| name.starts_with(DATABASE)) {
        fs::remove_file(folder.path(name)).unwrap();
    }
    copy(&other, folder);
}

fn copy(from: &Folder, to: &Folder) {
    for name in from.names().iter().filter(|name| name.starts_with(DATABASE)) {
        fs::copy(from.path(name), to.path(name)).unwrap();
    }
}

fn without_index(folder: &Folder) {
    killed(folder, |_| {});
    fs::remove_file(folder.path("doorward.sqlite3-shm")).unwrap();
}

/// The folder and all in it: when it was changed, and a digest of what it holds.
fn trace(folder: &Folder) -> BTreeMap<String, (SystemTime, u64)> {
    let of = |path: &Path| {
        let metadata = fs::symlink_metadata(path).unwrap();
        let bytes = if metadata.is_file() {
            fs::read(path).unwrap()
        } else {
            Vec::new()
        };
        let mut digest = DefaultHasher::new();
        bytes.hash(&mut digest);
        (metadata.modified().unwrap(), digest.finish())
    };
    let names = folder.names().into_iter().chain([".".to_owned()]);
    names
        .map(|name| (name.clone(), of(&folder.path(&name))))
        .collect()
}

#[test]
fn every_command_that_only_reads_leaves_every_odd_file_as_it_was() {
    let migrated = Folder::migrated();
    for (name, prepare, expected) in ODD {
        let folder = Folder::new().with("doorward.toml", CONFIGURED);
        copy(&migrated, &folder);
        prepare(&folder);
        let before = trace(&folder);
        thread::scope(|scope| {
            for (command, looks) in READING {
                scope.spawn(|| judge(name, command, *looks, *expected, &folder.run(command)));
            }
        });
        assert_eq!(trace(&folder), before, "{name}");
        shell(&folder, "chmod 700 .");
    }
}

#[track_caller]
fn judge(name: &str, command: &[&str], looks: bool, expected: Expected, output: &Output) {
    let told = format!("{}{}", printed(output), errors(output));
    let told = format!("{name}: {command:?}: {:?}: {told}", output.status.code());
    assert!(!told.contains("panicked"), "{told}");
    let code = output.status.code().expect("it ends by itself");
    let lists = command.contains(&"--plan") || command.contains(&"showmigrations");
    let warns = command.contains(&"--deploy");
    let names = told.contains(DATABASE);
    match expected {
        _ if !looks => assert_eq!(code, 0, "{told}"),
        Good => assert!(code == 0 || warns, "{told}"),
        Absent if lists => assert!(
            code == 0 && names && told.contains("run `doorward migrate`"),
            "{told}"
        ),
        Absent => assert!(code == 1 && names, "{told}"),
        Refused(words) => {
            assert!(code == 1 || code == 2, "{told}");
            let flat = told.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(names && (flat.contains(words) || command == ["check"]), "{told}");
        }
    }
}

#[test]
fn a_database_that_another_process_holds_is_called_busy_and_left_as_it_was() {
    let folder = Folder::migrated();
    make_djangos(&folder);
    // Not while the lock is held: whoever closes a file gives up the locks that its process has on it.
    let before = trace(&folder);
    folder.on_database(async |database| {
        database.execute("BEGIN EXCLUSIVE", []).await.unwrap();
        thread::scope(|scope| {
            for (command, looks) in READING {
                scope.spawn(|| {
                    let output = folder.run(command);
                    judge("locked", command, *looks, Refused("is busy"), &output);
                });
            }
        });
        database.execute("ROLLBACK", []).await.unwrap();
    });
    assert_eq!(trace(&folder), before);
}

#[test]
fn a_server_beside_them_does_not_notice() {
    let folder = Folder::migrated();
    let server = folder.serve();
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200"));
    let before = trace(&folder);
    for (command, _) in READING
        .iter()
        .filter(|(command, _)| !command.contains(&"--deploy"))
    {
        folder.succeeds(command);
    }
    assert_eq!(trace(&folder), before);
}

/// A project whose users are in a table of its own: what is told names it.
#[test]
fn a_user_model_of_the_projects_own_is_named() {
    let folder = Folder::migrated();
    for sql in [
        "CREATE TABLE accounts_person (id integer PRIMARY KEY, password text, last_login datetime)",
        "DROP TABLE authtoken_token",
        "CREATE TABLE authtoken_token (key varchar(40) PRIMARY KEY, created datetime, \
         user_id integer UNIQUE REFERENCES accounts_person (id))",
        "DROP TABLE django_admin_log",
        "DROP TABLE token_blacklist_blacklistedtoken",
        "DROP TABLE token_blacklist_outstandingtoken",
        "DELETE FROM django_migrations WHERE app = 'token_blacklist'",
        "DROP TABLE auth_user_groups",
        "DROP TABLE auth_user_user_permissions",
        "DROP TABLE auth_user",
    ] {
        folder.sql(sql);
    }
    for command in [
        &["check", "--json"][..],
        &["migrate"],
        &["runserver", "127.0.0.1:0"],
    ] {
        let output = folder.run(command);
        assert_eq!(output.status.code(), Some(1));
        let told = format!("{}{}", printed(&output), errors(&output));
        assert!(
            told.contains("keeps its users in the table accounts_person"),
            "{told}"
        );
        assert!(
            told.contains("`[user] table`") && !told.contains("no table auth_user"),
            "{told}"
        );
    }
}

#[test]
fn a_table_that_changes_beside_a_server_is_told() {
    let folder = Folder::migrated();
    let server = folder.serve();
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200"));
    folder.sql("ALTER TABLE auth_user_groups RENAME COLUMN user_id TO person_id");
    let told = printed(&folder.run(&["check", "--json"]));
    assert!(
        told.contains("table auth_user_groups has no column user_id"),
        "{told}"
    );
    until_not_ready(&server, "the tables are not as they should be");
    assert!(server.says("person_id"), "{}", server.log());
    let error = folder.fails(&["runserver", "127.0.0.1:0"], 1);
    assert!(error.contains("rename the column back to user_id"), "{error}");
}

#[track_caller]
fn until_not_ready(server: &super::support::Running, reason: &str) {
    for _ in 0..60 {
        let answer = server.get("/readyz");
        if answer.starts_with("HTTP/1.1 503") {
            assert!(answer.ends_with(&format!("\r\n{reason}\n")), "{answer}");
            return;
        }
        thread::sleep(Duration::from_millis(250));
    }
    panic!("it is ready all the time");
}

/// The same, for a user who may only read: nobody, where the tests run as root, whom no mode stops.
#[test]
fn a_database_that_cannot_be_written_is_told() {
    use std::os::unix::process::CommandExt;

    let folder = Folder::migrated();
    make_djangos(&folder);
    shell(
        &folder,
        "chmod 644 doorward.toml; chmod 444 doorward.sqlite3; chmod 555 .",
    );
    let is_root = printed(&folder.shell("id -u")).trim() == "0";
    let command = |arguments: &[&str]| {
        let mut command = folder.command(arguments);
        if is_root {
            command.uid(65_534);
        }
        command
    };
    let check = command(&["check", "--json"])
        .output()
        .expect("others may run the program");
    assert_eq!(check.status.code(), Some(1));
    assert!(printed(&check).contains("doorward.E005"), "{}", printed(&check));
    let server = super::support::Running::start(command(&["runserver", "127.0.0.1:0"]));
    assert!(server.says("the database cannot be written"), "{}", server.log());
    until_not_ready(&server, "the database cannot be written");
    let arguments = ["createuser", "--noinput", "--username", "a"];
    let made = command(&arguments).output().expect("it runs");
    assert_eq!(made.status.code(), Some(1));
    let told = errors(&made);
    assert_eq!(told.matches("cannot be written").count(), 1, "{told}");
    assert_eq!(told.matches("readonly").count(), 1, "{told}");
    drop(server);
    shell(&folder, "chmod 700 .");
}
