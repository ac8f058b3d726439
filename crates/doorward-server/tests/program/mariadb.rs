//! The commands and the server on a MariaDB, where `MARIADB_FOR_TESTS` names one.

use std::process::Command;

use doorward::database::{Database, Sql};

use crate::support::{CONFIGURED, Folder, errors, field, printed};

const PASSWORD: &str = "a-long-password-2";

/// A folder whose settings name a database of its own, which is empty.
fn folder(name: &str) -> Option<Folder> {
    let server = server()?;
    on(&format!("{server}/mysql"), async |admin| {
        for statement in [
            format!("DROP DATABASE IF EXISTS {name}"),
            format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"),
        ] {
            admin
                .execute(Sql::rendered(statement), [])
                .await
                .expect("it is made");
        }
    });
    let settings = format!("{CONFIGURED}[database]\nurl = \"{server}/{name}\"\n");
    Some(Folder::new().with("doorward.toml", &settings))
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is how a test run is told its server"
)]
fn server() -> Option<String> {
    std::env::var("MARIADB_FOR_TESTS").ok()
}

fn on(url: &str, work: impl AsyncFnOnce(&Database)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let database = Database::open(url).await.expect("it opens");
        work(&database).await;
        database.close().await;
    });
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
    let Some(folder) = folder("program_commands") else {
        return;
    };
    let told = folder.fails(&["check"], 1) + &folder.fails(&["createsuperuser"], 1);
    assert!(told.contains("migrate"), "{told}");
    assert!(folder.succeeds(&["migrate"]).contains("auth.0001_initial"));
    assert!(
        folder
            .succeeds(&["showmigrations"])
            .contains("[X] 0012_alter_user_first_name_max_length")
    );
    folder.succeeds(&["check"]);
    assert!(superuser(&folder).status().expect("the program runs").success());
    assert!(
        !superuser(&folder).status().expect("the program runs").success(),
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
}

#[test]
fn a_server_logs_in_refreshes_and_tells_whether_it_is_ready() {
    let Some(folder) = folder("program_server") else {
        return;
    };
    folder.succeeds(&["migrate"]);
    assert!(superuser(&folder).status().expect("the program runs").success());
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
    // "ad\0min:wrong"
    let nul = servers[0].call("GET", "/api/me/", "Authorization: Basic YWQAbWluOndyb25n\r\n", "");
    assert!(!nul.starts_with("HTTP/1.1 5"), "{nul}");
    assert!(servers[0].get("/readyz").starts_with("HTTP/1.1 200"));
}

#[test]
fn connections_that_are_cut_cost_no_request() {
    let Some(folder) = folder("program_cut") else {
        return;
    };
    folder.succeeds(&["migrate"]);
    assert!(superuser(&folder).status().expect("the program runs").success());
    let served = folder.serve();
    let login = format!("{{\"username\": \"admin\", \"password\": \"{PASSWORD}\"}}");
    let admin = format!("{}/mysql", server().expect("there is one"));
    for _ in 0..3 {
        let pair = served.post("/api/token/", &login);
        assert!(pair.starts_with("HTTP/1.1 200"), "{pair}");
        on(&admin, async |admin| {
            let sql = "SELECT id FROM information_schema.processlist WHERE db = 'program_cut'";
            for row in admin.fetch_all(sql, []).await.expect("they are told") {
                let id: i64 = row.read(0).expect("a number");
                let cut = admin.execute(Sql::rendered(format!("KILL {id}")), []).await;
                cut.expect("it is cut");
            }
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        });
    }
    assert!(served.get("/readyz").starts_with("HTTP/1.1 200"));
}

/// The next run goes on where the one before was killed.
#[test]
fn migrate_may_be_killed_at_any_point() {
    let Some(folder) = folder("program_killed") else {
        return;
    };
    for milliseconds in [30, 80, 150, 250, 400] {
        let mut run = folder.command(&["migrate"]).spawn().expect("it starts");
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        run.kill().expect("it is killed");
        run.wait().expect("it ends");
    }
    folder.succeeds(&["migrate"]);
    folder.succeeds(&["migrate", "--check"]);
    folder.succeeds(&["check"]);
    assert!(superuser(&folder).status().expect("the program runs").success());
}

#[test]
fn the_address_tells_where_it_is_without_the_password() {
    if server().is_none() {
        return;
    }
    let settings = format!("{CONFIGURED}[database]\nurl = \"mysql://app:hunter2@127.0.0.1:1/shop\"\n");
    let folder = Folder::new().with("doorward.toml", &settings);
    let output = folder.run(&["check"]);
    let told = format!("{}{}", printed(&output), errors(&output));
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("shop on 127.0.0.1:1"), "{told}");
    assert!(!told.contains("hunter2"), "{told}");
}
