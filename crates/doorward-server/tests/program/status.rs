//! `doorward status`: the processes, the change feed, the tables.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::support::{CONFIGURED, Folder, printed};

/// One write a second, so that nobody waits for long.
const BRISK: &str = "[server]\nheartbeat = \"1s\"\n[metrics]\nallowed_networks = [\"127.0.0.1\"]\n";

fn status(folder: &Folder) -> (Value, i32) {
    let output = folder.run(&["status", "--json"]);
    let told = serde_json::from_slice(&output.stdout).expect("JSON");
    (told, output.status.code().expect("it ended"))
}

/// The status once it is as wanted.
#[expect(clippy::disallowed_methods, reason = "a test does not wait for ever")]
fn until(folder: &Folder, wanted: impl Fn(&Value) -> bool) -> (Value, i32) {
    let begun = Instant::now();
    loop {
        let told = status(folder);
        if wanted(&told.0) {
            return told;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{told:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_site_at_rest_is_well() {
    let folder = Folder::migrated();
    let before = std::fs::read(folder.path("doorward.sqlite3")).unwrap();
    let (told, code) = status(&folder);
    assert_eq!(
        (code, &told["well"], &told["nodes"]),
        (0, &json!(true), &json!([]))
    );
    assert_eq!(
        told["migrations"],
        json!({ "applied": true, "missing": 0, "problems": [] })
    );
    assert_eq!(
        told["feed"],
        json!({ "sees_everything": true, "rows": 0, "problem": null })
    );
    let words = folder.succeeds(&["status"]);
    assert!(
        words.contains("Migrations: all applied") && words.contains("Nodes: 0"),
        "{words}"
    );
    assert_eq!(
        std::fs::read(folder.path("doorward.sqlite3")).unwrap(),
        before,
        "it only reads"
    );
}

#[test]
fn a_process_is_told_of_while_it_serves() {
    let folder = Folder::new().with("doorward.toml", &format!("{CONFIGURED}{BRISK}"));
    folder.succeeds(&["migrate"]);
    let mut server = folder.serve_with(&[("DOORWARD_CACHE__MAX_STALENESS", "100ms")]);
    let (told, code) = until(&folder, |told| {
        told["nodes"].as_array().is_some_and(|nodes| nodes.len() == 1)
    });
    let node = &told["nodes"][0];
    assert_eq!((code, &node["silent"]), (0, &json!(false)), "{told}");
    assert!(
        node["name"]
            .as_str()
            .unwrap()
            .ends_with(&format!(":{}", server.id())),
        "{node}"
    );
    assert_eq!(
        node["state"]["feed"]["state"], "resting",
        "nobody has asked: {node}"
    );
    server.call("GET", "/api/profile/", "Authorization: Token 0\r\n", "");
    let (told, _) = until(&folder, |told| {
        told["nodes"][0]["state"]["feed"]["state"] == "live"
    });
    assert!(
        told["nodes"][0]["state"]["statements"]["polls"].as_u64() > Some(0),
        "{told}"
    );
    let words = folder.succeeds(&["status"]);
    assert!(
        words.contains("Nodes: 1") && words.contains("feed live, confirmed"),
        "{words}"
    );
    let counted = server.get("/metrics");
    for name in [
        "doorward_cache_bytes 0",
        "doorward_cache_max_bytes 100663296",
        "doorward_database_statements_total{kind=\"polls\"}",
        "doorward_database_connections{pool=\"writers\",state=\"in_use\"} 0",
        "doorward_database_max_connections{pool=\"writers\"} 1",
    ] {
        assert!(counted.contains(name), "{name}: {counted}");
    }
    server.signal("TERM");
    while server.ended().is_none() {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(status(&folder).0["nodes"], json!([]), "it took its leave");
}

#[test]
fn a_process_that_was_killed_is_silent() {
    let folder = Folder::new().with("doorward.toml", &format!("{CONFIGURED}{BRISK}"));
    folder.succeeds(&["migrate"]);
    let server = folder.serve();
    until(&folder, |told| told["nodes"][0]["silent"] == false);
    server.signal("KILL");
    let (told, code) = until(&folder, |told| told["nodes"][0]["silent"] == true);
    assert_eq!((code, &told["well"]), (1, &json!(false)), "{told}");
    let output = folder.run(&["status"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(printed(&output).contains("SILENT"), "{output:?}");
}

#[test]
fn what_somebody_has_to_do_is_told_to_scripts() {
    let folder = Folder::migrated();
    folder.succeeds(&["feed", "uninstall"]);
    assert_eq!(status(&folder).1, 0, "nobody said that it has to be there");
    let folder = folder.with("doorward.toml", &format!("{CONFIGURED}[cache]\nfeed = \"on\"\n"));
    let (told, code) = status(&folder);
    assert_eq!(
        (code, &told["feed"]["sees_everything"]),
        (1, &json!(false)),
        "{told}"
    );
    let found = printed(&folder.run(&["check", "--json"]));
    assert!(
        found.contains("doorward.E006") && found.contains("feed install"),
        "{found}"
    );
    folder.succeeds(&["feed", "install"]);
    assert_eq!(status(&folder).1, 0);
    assert!(!printed(&folder.run(&["check", "--json"])).contains("doorward.E006"));
    folder.sql("DROP TABLE doorward_node");
    folder.sql("DELETE FROM doorward_migration WHERE name = '0005_node'");
    let (told, code) = status(&folder);
    assert_eq!((code, &told["migrations"]["missing"]), (1, &json!(1)), "{told}");
    assert_eq!(told["nodes"], Value::Null);
}
