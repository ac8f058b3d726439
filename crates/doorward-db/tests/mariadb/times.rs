//! Times in a server's own zone: a column shows us what it shows Django.

use std::process::Stdio;

use doorward_db::database::{LocalTime, StoredTime};
use doorward_db::{Database, Value};
use doorward_django::timestamp::Timestamp;

use crate::own_server::OwnServer;

const DATABASE: &str = "times";

/// What somebody else does, in the server's own zone: Django sets none.
fn as_django(server: &OwnServer, sql: &str) -> String {
    let mut client = server.client(DATABASE);
    let output = client
        .args(["-N", "-e", sql])
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    assert!(output.status.success(), "{sql}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn at(text: &str) -> Timestamp {
    Timestamp::from_sqlite(text).unwrap()
}

#[tokio::test]
async fn a_column_shows_us_what_it_shows_django_whatever_its_type_and_the_server_s_zone() {
    for zone in ["--default-time-zone=+02:00", "--default-time-zone=-09:30"] {
        let Some(server) = OwnServer::start(&[zone]) else {
            return;
        };
        server.admin("CREATE DATABASE times").await;
        let database = Database::open(&format!("{}/{DATABASE}", server.url))
            .await
            .unwrap();
        let sql = "CREATE TABLE t (id int PRIMARY KEY, day datetime(6) NULL, stamp timestamp(6) NULL)";
        database.execute(sql, []).await.unwrap();
        as_django(
            &server,
            "INSERT INTO t VALUES (1, '2024-07-01 14:00:00', '2024-07-01 14:00:00')",
        );
        let rows = database.fetch_all("SELECT day, stamp FROM t", []).await.unwrap();
        for column in ["day", "stamp"] {
            let shown: StoredTime = rows.first().unwrap().read(column).unwrap();
            assert_eq!(
                shown,
                StoredTime::Local(at("2024-07-01 14:00:00")),
                "{zone} {column}"
            );
        }
        let local = Value::LocalTime(LocalTime {
            moment: at("2024-07-01 13:00:00"),
            local: at("2024-07-01 15:00:00"),
        });
        let sql = "INSERT INTO t VALUES (2, ?, ?), (3, ?, ?)";
        let moment: Value = at("2024-07-01 13:00:00").into();
        let values = [local.clone(), local, moment.clone(), moment];
        database.execute(sql, values).await.unwrap();
        let shown = as_django(
            &server,
            "SELECT DISTINCT HOUR(day), HOUR(stamp) FROM t WHERE id > 1 ORDER BY 1",
        );
        assert_eq!(shown, "13\t13\n15\t15", "{zone}");
    }
}
