//! The commands and the server on each server of databases that `POSTGRES_FOR_TESTS` and `MARIADB_FOR_TESTS` name.

use std::process::Command;
use std::time::Duration;

use doorward::database::{Database, Dialect, Sql};
use doorward_testing::FreshDatabase;
use tokio::runtime::Runtime;

use crate::support::{CONFIGURED, Folder, errors, field, printed};

const PASSWORD: &str = "a-long-password-2";

/// A folder whose settings name an empty database of its own.
struct Site<'a> {
    folder: Folder,
    runtime: &'a Runtime,
    fresh: FreshDatabase,
}

/// Runs a test with a site on each server.
fn everywhere(test: impl Fn(&Site<'_>)) {
    let runtime = Runtime::new().expect("a runtime");
    let postgres = told("POSTGRES_FOR_TESTS").map(|url| runtime.block_on(FreshDatabase::postgres(&url)));
    let mariadb = told("MARIADB_FOR_TESTS").map(|url| runtime.block_on(FreshDatabase::mariadb(&url)));
    for fresh in postgres.into_iter().chain(mariadb) {
        let settings = format!("{CONFIGURED}[database]\nurl = \"{}\"\n", fresh.url());
        let site = Site {
            folder: Folder::new().with("doorward.toml", &settings),
            runtime: &runtime,
            fresh,
        };
        test(&site);
        runtime.block_on(site.fresh.end());
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is how a test run is told its servers"
)]
fn told(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

impl Site<'_> {
    /// Cuts every connection to it but the one that does so.
    fn cut(&self) {
        self.runtime.block_on(async {
            let database = Database::open(self.fresh.url()).await.expect("it opens");
            match database.dialect() {
                Dialect::Postgres => cut_on_postgres(&database).await,
                _ => cut_on_mariadb(&database).await,
            }
            database.close().await;
            tokio::time::sleep(Duration::from_millis(150)).await;
        });
    }
}

async fn cut_on_postgres(database: &Database) {
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let cut = database.fetch_all(cut, []).await.expect("they are cut");
    assert!(!cut.is_empty(), "somebody was there");
}

async fn cut_on_mariadb(database: &Database) {
    let others =
        "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()";
    let others = database.fetch_all(others, []).await.expect("they are told");
    assert!(!others.is_empty(), "somebody was there");
    for row in others {
        let id: i64 = row.read(0).expect("a number");
        let cut = database.execute(Sql::rendered(format!("KILL {id}")), []).await;
        cut.expect("it is cut");
    }
}

fn superuser(folder: &Folder) -> Command {
    let mut command = folder.command(&[
        "createsuperuser",
        "--noinput",
        "--username",
        "admin",
        "--email",
        "a@example.com",
    ]);
    command.env("DJANGO_SUPERUSER_PASSWORD", PASSWORD);
    command
}

#[test]
fn every_command_works_as_on_a_file() {
    everywhere(|site| {
        let folder = &site.folder;
        let told = folder.fails(&["check"], 1) + &folder.fails(&["createsuperuser"], 1);
        assert!(told.contains("migrate"), "{told}");
        assert!(folder.succeeds(&["migrate"]).contains("auth.0001_initial"));
        assert!(
            folder
                .succeeds(&["showmigrations"])
                .contains("[X] 0012_alter_user_first_name_max_length")
        );
        folder.succeeds(&["check"]);
        assert!(superuser(folder).status().expect("the program runs").success());
        assert!(
            !superuser(folder).status().expect("the program runs").success(),
            "the name is taken"
        );
        assert!(
            folder
                .succeeds(&["drf_create_token", "admin"])
                .contains("Generated token")
        );
        for command in ["flushexpiredtokens", "clearsessions"] {
            folder.succeeds(&[command]);
        }
        folder.succeeds(&["revoke", "admin"]);
        assert_eq!(folder.names(), ["doorward.toml"], "no file is made");
    });
}

#[test]
fn a_server_logs_in_refreshes_and_tells_whether_it_is_ready() {
    everywhere(|site| {
        let folder = &site.folder;
        folder.succeeds(&["migrate"]);
        assert!(superuser(folder).status().expect("the program runs").success());
        let servers = [folder.serve(), folder.serve()];
        let login = format!("{{\"username\": \"admin\", \"password\": \"{PASSWORD}\"}}");
        let pair = servers[0].post("/api/token/", &login);
        assert!(pair.starts_with("HTTP/1.1 200"), "{pair}");
        let refresh = format!("{{\"refresh\": \"{}\"}}", field(&pair, "refresh"));
        let fresh = servers[1].post("/api/token/refresh/", &refresh);
        assert!(fresh.starts_with("HTTP/1.1 200"), "{fresh}");
        let wrong = servers[1].post(
            "/api/token/",
            "{\"username\": \"admin\", \"password\": \"wrong\"}",
        );
        assert!(wrong.starts_with("HTTP/1.1 401"), "{wrong}");
        // "ad\0min:wrong": no text of PostgreSQL's holds such a name.
        let nul = servers[0].call("GET", "/api/me/", "Authorization: Basic YWQAbWluOndyb25n\r\n", "");
        assert!(!nul.starts_with("HTTP/1.1 5"), "{nul}");
        assert!(servers[0].get("/readyz").starts_with("HTTP/1.1 200"));
    });
}

#[test]
fn connections_that_are_cut_cost_no_request() {
    everywhere(|site| {
        let folder = &site.folder;
        folder.succeeds(&["migrate"]);
        assert!(superuser(folder).status().expect("the program runs").success());
        let served = folder.serve();
        let login = format!("{{\"username\": \"admin\", \"password\": \"{PASSWORD}\"}}");
        for _ in 0..3 {
            let pair = served.post("/api/token/", &login);
            assert!(pair.starts_with("HTTP/1.1 200"), "{pair}");
            site.cut();
        }
        assert!(served.get("/readyz").starts_with("HTTP/1.1 200"));
    });
}

/// The next run goes on where the one before was killed.
#[test]
fn migrate_may_be_killed_at_any_point() {
    everywhere(|site| {
        let folder = &site.folder;
        for milliseconds in [30, 80, 150, 250, 400] {
            let mut run = folder.command(&["migrate"]).spawn().expect("it starts");
            std::thread::sleep(Duration::from_millis(milliseconds));
            run.kill().expect("it is killed");
            run.wait().expect("it ends");
        }
        folder.succeeds(&["migrate"]);
        folder.succeeds(&["migrate", "--check"]);
        folder.succeeds(&["check"]);
        assert!(superuser(folder).status().expect("the program runs").success());
    });
}

#[test]
fn the_address_tells_where_it_is_without_the_password() {
    for scheme in ["postgres", "mysql"] {
        let settings = format!("{CONFIGURED}[database]\nurl = \"{scheme}://app:hunter2@127.0.0.1:1/shop\"\n");
        let folder = Folder::new().with("doorward.toml", &settings);
        let output = folder.run(&["check"]);
        let told = format!("{}{}", printed(&output), errors(&output));
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("shop on 127.0.0.1:1"), "{told}");
        assert!(!told.contains("hunter2"), "{told}");
    }
}

/// What a PostgreSQL notes by the way, such as triggers that were not there to be dropped, is nobody's matter.
#[test]
fn commands_say_what_they_did_and_nothing_else() {
    everywhere(|site| {
        for words in [&["migrate"][..], &["feed", "uninstall"], &["feed", "install"]] {
            let output = site.folder.command(words).output().expect("it runs");
            assert!(output.status.success(), "{words:?}: {}", errors(&output));
            assert_eq!(errors(&output), "", "{words:?}");
        }
    });
}
