//! The commands and the server on a PostgreSQL, where `POSTGRES_FOR_TESTS` names one.

use std::process::Command;

use doorward::database::{Database, Sql};

use crate::support::{CONFIGURED, Folder, field};

const PASSWORD: &str = "a-long-password-2";

/// A folder whose settings name a database of its own, which is empty.
fn folder(name: &str) -> Option<Folder> {
    let server = server()?;
    on(&format!("{server}/postgres"), async |admin| {
        for statement in [
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("CREATE DATABASE {name}"),
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
    std::env::var("POSTGRES_FOR_TESTS").ok()
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
    // "ad\0min:wrong": no text of PostgreSQL's holds such a name.
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
    let admin = format!("{}/postgres", server().expect("there is one"));
    for _ in 0..3 {
        let pair = served.post("/api/token/", &login);
        assert!(pair.starts_with("HTTP/1.1 200"), "{pair}");
        on(&admin, async |admin| {
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'program_cut'";
            admin.fetch_all(cut, []).await.expect("they are cut");
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        });
    }
    assert!(served.get("/readyz").starts_with("HTTP/1.1 200"));
}
