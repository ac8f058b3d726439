//! What goes in comes out, whatever the column's type.

use doorward_db::database::LocalTime;
use doorward_db::{DatabaseError, Dialect, Sql, Value};
use doorward_django::timestamp::Timestamp;
use uuid::Uuid;

use crate::{Scratch, with_table};

const TYPES: &str = "CREATE TABLE v (small smallint, whole integer, big bigint, truth bool, short varchar(10), \
    `long` longtext, fixed char(5), moment datetime(6), stamp timestamp(6) NULL, day date, id char(32), bytes longblob, \
    `real` double, single float, price numeric(10, 2), doc json, exact varchar(10) COLLATE utf8mb4_bin, \
    positive integer unsigned, time time(6))";

const NAMES: [&str; 19] = [
    "small", "whole", "big", "truth", "short", "long", "fixed", "moment", "stamp", "day", "id", "bytes",
    "real", "single", "price", "doc", "exact", "positive", "time",
];

#[tokio::test]
async fn each_type_of_column_keeps_its_values() {
    let Some(scratch) = Scratch::new("db_values").await else {
        return;
    };
    let database = scratch.open().await;
    database.execute(TYPES, []).await.unwrap();
    let (moment, id) = (Timestamp::from_micros(1_700_000_000_123_456), Uuid::from_u128(7));
    let given: [Value; 19] = [
        7.into(),
        (-7).into(),
        i64::MAX.into(),
        true.into(),
        "zoë 🦀".into(),
        "".into(),
        "abcde".into(),
        LocalTime::as_utc(moment).into(),
        LocalTime::as_utc(moment).into(),
        "1999-12-31".into(),
        id.simple().to_string().into(),
        Value::Bytes(vec![0, 255]),
        1.5.into(),
        0.25.into(),
        "-12.50".into(),
        "{\"a\": 1}".into(),
        "Aa".into(),
        u32::MAX.into(),
        "01:02:03.000004".into(),
    ];
    let sql = "INSERT INTO v VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    // The first values that a statement meets decide nothing for the next.
    let nothing = vec![Value::Null; 19];
    assert_eq!(database.execute(sql, nothing).await.unwrap(), 1);
    assert_eq!(database.execute(sql, given.clone()).await.unwrap(), 1);
    let rows = database
        .fetch_all("SELECT * FROM v ORDER BY whole", [])
        .await
        .unwrap();
    for name in NAMES {
        assert_eq!(rows[0].read::<Value>(name).unwrap(), Value::Null, "{name}");
    }
    for (name, value) in NAMES.iter().zip(given) {
        assert_eq!(rows[1].read::<Value>(*name).unwrap(), value, "{name}");
    }
    assert_eq!(rows[1].read::<f64>("price").unwrap(), -12.5);
    assert_eq!(rows[1].read::<Uuid>("id").unwrap(), id);
    let sql = "SELECT whole FROM v WHERE moment = ? AND stamp = ? AND id = ? AND truth = ?";
    let values = [moment.into(), moment.into(), id.into(), true.into()];
    assert_eq!(database.fetch_all(sql, values).await.unwrap().len(), 1);
}

/// MariaDB has such a type since 10.7, and Django makes its columns of it since 5.0.
#[tokio::test]
async fn uuids_are_read_from_columns_of_their_own_type_too() {
    let Some(scratch) = Scratch::new("db_uuid").await else {
        return;
    };
    let database = scratch.open().await;
    if database
        .execute("CREATE TABLE u (id uuid PRIMARY KEY)", [])
        .await
        .is_err()
    {
        return;
    }
    let id = Uuid::from_u128(0x1f3c_1c4e_0000_4000_8000_0000_0000_00aa);
    database
        .execute("INSERT INTO u VALUES (?)", [id.into()])
        .await
        .unwrap();
    let random = Sql::rendered(format!(
        "INSERT INTO u VALUES ({})",
        Dialect::MariaDb.random_uuid()
    ));
    database.execute(random, []).await.unwrap();
    let rows = database
        .fetch_all("SELECT id FROM u WHERE id = ?", [id.into()])
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].read::<Uuid>(0).unwrap(), id);
    let rows = database
        .fetch_all("SELECT id FROM u WHERE id <> ?", [id.into()])
        .await
        .unwrap();
    assert_eq!(rows[0].read::<Uuid>(0).unwrap().get_version_num(), 4);
}

#[tokio::test]
async fn a_date_that_is_none_is_nothing() {
    let Some(scratch) = Scratch::new("db_zero").await else {
        return;
    };
    let database = scratch.open().await;
    let sql = "CREATE TABLE z (at datetime(6) NOT NULL, day date NOT NULL, part date NOT NULL)";
    database.execute(sql, []).await.unwrap();
    let sql = "INSERT INTO z VALUES ('0000-00-00 00:00:00', '0000-00-00', '2026-00-00')";
    database.execute(sql, []).await.unwrap();
    let rows = database
        .fetch_all("SELECT at, day, part FROM z", [])
        .await
        .unwrap();
    assert_eq!(rows[0].read::<Option<Timestamp>>("at").unwrap(), None);
    assert_eq!(rows[0].read::<Option<String>>("day").unwrap(), None);
    assert_eq!(rows[0].read::<Option<String>>("part").unwrap(), None);
    let error = rows[0].read::<Timestamp>("at").expect_err("nothing");
    assert_eq!(error.to_string(), "column at holds no date and time");
}

#[tokio::test]
async fn a_session_is_set_up_as_django_sets_it_up() {
    let Some(scratch) = Scratch::new("db_session").await else {
        return;
    };
    let database = scratch.open().await;
    let sql = "SELECT @@sql_mode, @@time_zone, @@character_set_client, 'a' || 'b', @@global.time_zone";
    let mut transaction = database.transaction().await.unwrap();
    let inside = transaction.fetch_optional(sql, []).await.unwrap().unwrap();
    transaction.rollback().await.unwrap();
    let outside = database.fetch_optional(sql, []).await.unwrap().unwrap();
    for row in [inside, outside] {
        let text = |column: usize| row.read::<String>(column).unwrap();
        assert!(text(0).contains("STRICT_TRANS_TABLES"), "{}", text(0));
        assert_eq!(
            [text(1), text(2), text(3)],
            [text(4), "utf8mb4".into(), "ab".into()]
        );
    }
}

#[tokio::test]
async fn what_no_row_can_hold_is_found_nowhere() {
    let Some((_scratch, database)) = with_table("db_nowhere").await else {
        return;
    };
    for (sql, value) in [
        ("SELECT id FROM t WHERE id = ?", Value::Int(i64::MAX)),
        ("SELECT id FROM t WHERE name = ?", "a\0b".into()),
        ("SELECT id FROM t WHERE name = ?", "x".repeat(1_000).into()),
        ("SELECT id FROM t WHERE n = ?", Value::Null),
    ] {
        assert!(
            database.fetch_all(sql, [value]).await.unwrap().is_empty(),
            "{sql}"
        );
    }
    for (sql, values) in [
        ("INSERT INTO t (n) VALUES (?)", vec![Value::Int(i64::MAX)]),
        ("INSERT INTO t (name) VALUES (?)", vec!["x".repeat(21).into()]),
        (
            "INSERT IGNORE INTO t (name) VALUES (?)",
            vec!["x".repeat(21).into()],
        ),
        ("INSERT INTO t (n) VALUES (?)", vec!["seven".into()]),
        ("INSERT INTO t (n) VALUES (?)", vec![1.into(), 2.into()]),
        ("INSERT INTO t (n, name) VALUES (?, ?)", vec![1.into()]),
        ("INSERT INTO t (n) VALUES (?)", vec![]),
    ] {
        let error = database.execute(sql, values).await.expect_err(sql);
        assert!(matches!(error, DatabaseError::Statement(_)), "{sql}: {error:?}");
    }
    assert!(
        database
            .fetch_all("SELECT id FROM t", [])
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn names_are_exact_whatever_the_collation() {
    let Some((_scratch, database)) = with_table("db_exact").await else {
        return;
    };
    let dialect = database.dialect();
    let select =
        |condition: String| Sql::rendered(format!("SELECT name FROM t WHERE {condition} AND id < ?"));
    let exactly = select(dialect.exactly("name"));
    let ignoring_case = select(dialect.ignoring_case("name"));
    let clashes = select(dialect.clashes("name"));
    database
        .execute("INSERT INTO t (name) VALUES ('Zoë')", [])
        .await
        .unwrap();
    for (name, is_exact, is_same, is_taken) in [
        ("Zoë", true, true, true),
        ("zoë", false, true, true),
        ("ZOË", false, true, true),
        ("Zoe", false, false, true),
        ("Zoë ", false, false, true),
        ("Zo", false, false, false),
    ] {
        let found = async |sql: &Sql| {
            let rows = database.fetch_all(sql, [name.into(), 9.into()]).await.unwrap();
            !rows.is_empty()
        };
        assert_eq!(found(&exactly).await, is_exact, "{name}");
        assert_eq!(found(&ignoring_case).await, is_same, "{name}");
        assert_eq!(found(&clashes).await, is_taken, "{name}");
    }
}
