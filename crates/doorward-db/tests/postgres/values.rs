//! What goes in comes out, whatever the column's type.

use doorward_db::database::LocalTime;
use doorward_db::{DatabaseError, Value};
use doorward_django::timestamp::Timestamp;
use uuid::Uuid;

use crate::{Scratch, with_table};

const TYPES: &str = "CREATE TABLE v (small smallint, whole integer, big bigint, truth boolean, short varchar(10), \
    long text, fixed char(5), moment timestamptz, local timestamp, day date, id uuid, bytes bytea, real double precision, \
    single real, price numeric(10, 2), doc jsonb, raw json, address inet)";

const NAMES: [&str; 18] = [
    "small", "whole", "big", "truth", "short", "long", "fixed", "moment", "local", "day", "id", "bytes",
    "real", "single", "price", "doc", "raw", "address",
];

#[tokio::test]
async fn a_local_time_is_written_where_a_column_keeps_no_zone() {
    let Some(scratch) = Scratch::new("db_local_times").await else {
        return;
    };
    let database = scratch.open().await;
    database
        .execute("CREATE TABLE v (zoned timestamptz, plain timestamp)", [])
        .await
        .unwrap();
    let (moment, local) = (
        Timestamp::from_secs(1_700_000_000),
        Timestamp::from_secs(1_700_003_600),
    );
    let time = Value::LocalTime(LocalTime { moment, local });
    database
        .execute("INSERT INTO v VALUES (?, ?)", [time.clone(), time.clone()])
        .await
        .unwrap();
    let found = "SELECT zoned, plain FROM v WHERE zoned = ? AND plain = ?";
    let row = database
        .fetch_optional(found, [time.clone(), time])
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.read::<Timestamp>("zoned").unwrap(), moment);
    assert_eq!(
        row.read::<Value>("plain").unwrap(),
        LocalTime::as_utc(local).into()
    );
}

#[tokio::test]
async fn each_type_of_column_keeps_its_values() {
    let Some(scratch) = Scratch::new("db_values").await else {
        return;
    };
    let database = scratch.open().await;
    database.execute(TYPES, []).await.unwrap();
    let (moment, id) = (Timestamp::from_micros(1_700_000_000_123_456), Uuid::from_u128(7));
    let given: [Value; 18] = [
        7.into(),
        (-7).into(),
        i64::MAX.into(),
        true.into(),
        "zoë".into(),
        "".into(),
        "abcde".into(),
        moment.into(),
        LocalTime::as_utc(moment).into(),
        "1999-12-31".into(),
        id.into(),
        Value::Bytes(vec![0, 255]),
        1.5.into(),
        0.25.into(),
        "-12.50".into(),
        "{\"a\": 1}".into(),
        "[1, 2]".into(),
        Value::Null,
    ];
    let sql = "INSERT INTO v VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    // The first values that a statement meets decide nothing for the next.
    let nothing = vec![Value::Null; 18];
    assert_eq!(database.execute(sql, nothing).await.unwrap(), 1);
    assert_eq!(database.execute(sql, given.clone()).await.unwrap(), 1);
    let rows = database
        .fetch_all("SELECT * FROM v ORDER BY whole NULLS FIRST", [])
        .await
        .unwrap();
    for name in NAMES {
        assert_eq!(rows[0].read::<Value>(name).unwrap(), Value::Null, "{name}");
    }
    for (name, value) in NAMES.iter().zip(given) {
        assert_eq!(rows[1].read::<Value>(*name).unwrap(), value, "{name}");
    }
    assert_eq!(rows[1].read::<f64>("price").unwrap(), -12.5);
}

#[tokio::test]
async fn what_the_server_makes_is_read() {
    let Some(scratch) = Scratch::new("db_made").await else {
        return;
    };
    let database = scratch.open().await;
    let sql = "SELECT '127.0.0.1'::inet, '10.0.0.0/8'::cidr, 'a'::\"char\", 'b'::name, 26::oid, '01:02:03'::time, \
               'infinity'::timestamptz, current_setting('TimeZone'), ARRAY[1]";
    let row = database.fetch_optional(sql, []).await.unwrap().unwrap();
    let text = |column: usize| row.read::<String>(column).unwrap();
    assert_eq!(
        [text(0), text(1), text(2), text(3)],
        ["127.0.0.1", "10.0.0.0/8", "a", "b"]
    );
    assert_eq!(
        (row.read::<i64>(4).unwrap(), text(5)),
        (26, "01:02:03".to_owned())
    );
    assert_eq!(
        row.read::<Timestamp>(6).unwrap(),
        Timestamp::from_micros(i64::MAX)
    );
    assert_eq!(text(7), "UTC");
    assert!(row.read::<Vec<u8>>(8).is_ok());
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
    for (sql, value) in [
        ("INSERT INTO t (n) VALUES (?)", Value::Int(i64::MAX)),
        ("INSERT INTO t (name) VALUES (?)", "x".repeat(21).into()),
        ("INSERT INTO t (name) VALUES (?)", true.into()),
    ] {
        let error = database.execute(sql, [value]).await.expect_err(sql);
        assert!(matches!(error, DatabaseError::Statement(_)), "{sql}: {error:?}");
    }
    let nul = database
        .execute("INSERT INTO t (name) VALUES (?)", ["a\0b".into()])
        .await
        .expect_err("no text holds it");
    assert!(matches!(nul, DatabaseError::Unstorable(_)), "{nul:?}");
    let error = database
        .execute("INSERT INTO t (n) VALUES (?)", [])
        .await
        .expect_err("no value");
    assert!(matches!(error, DatabaseError::Statement(_)), "{error:?}");
}
