//! The tables that `migrate` makes in an empty file, and the rows in them.

use doorward::database::{Database, Row, Sql, Value};

use super::mask::mask;
use super::snapshot::compare;
use super::support::Folder;

const OBJECTS: &str = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master \
                       WHERE name NOT LIKE 'sqlite_%' ORDER BY type DESC, name";

const TABLES: &str = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";

#[test]
fn tables_of_an_empty_file() {
    let folder = Folder::migrated();
    let text = folder.on_database(async |database| objects(database).await + &rows(database).await);
    compare("schema", &mask(&text, "/nowhere"));
}

async fn objects(database: &Database) -> String {
    let objects = database.fetch_all(OBJECTS, []).await.expect("there is a schema");
    objects.iter().map(|row| format!("{}\n", line(row, 4))).collect()
}

async fn rows(database: &Database) -> String {
    let mut text = String::new();
    for table in &database.fetch_all(TABLES, []).await.expect("there are tables") {
        let table = table.read::<String>(0).expect("a name");
        text += &format!("\n{table}\n{}", rows_of(&table, database).await);
    }
    text
}

async fn rows_of(table: &str, database: &Database) -> String {
    let columns = format!("SELECT count(*) FROM pragma_table_info('{table}')");
    let columns = database
        .fetch_optional(Sql::rendered(columns), [])
        .await
        .expect("a count");
    let columns: i64 = columns.expect("a count").read(0).expect("a count");
    let sql = format!("SELECT * FROM {table} ORDER BY 1");
    let rows = database.fetch_all(Sql::rendered(sql), []).await.expect("rows");
    let columns = usize::try_from(columns).expect("a count");
    rows.iter()
        .map(|row| format!("{}\n", line(row, columns)))
        .collect()
}

fn line(row: &Row, columns: usize) -> String {
    let values = (0..columns).map(|column| told(&row.read(column).expect("a value")));
    values.collect::<Vec<_>>().join(" | ")
}

fn told(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        other => format!("{other:?}"),
    }
}
