//! The tables that every test's database begins with: migrated once in a process, then made from one text.

use doorward_core::app::Apps;
use doorward_django::timestamp::Timestamp;
use doorward_sqlx::migrations::{App, MigrateError, Migrator};
use doorward_sqlx::{Database, Schema, Sql};
use tokio::sync::OnceCell;

use crate::apps::own;
use crate::rows;

type Result<T> = std::result::Result<T, MigrateError>;

const IN_MEMORY: &str = "sqlite::memory:";

const OBJECTS: &str = "\
    SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND type <> 'trigger' ORDER BY rowid";

/// Made when the rows are there, which are no news.
const TRIGGERS: &str = "SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid";

const TABLES: &str = "\
    SELECT name, (SELECT group_concat('quote(\"' || c.name || '\")', ' || '','' || ') FROM pragma_table_info(m.name) c) \
    FROM sqlite_master m WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid";

/// A database of its own, with the tables that every site has, and those of `apps`.
pub(crate) async fn database(apps: &Apps) -> Result<Database> {
    static IMAGE: OnceCell<Sql> = OnceCell::const_new();
    let image = IMAGE.get_or_try_init(image).await?;
    let database = Database::open(IN_MEMORY).await?;
    let mut transaction = database.transaction().await?;
    transaction.execute(image, []).await?;
    transaction.commit().await?;
    let (own, all) = (own().tables(), own().and(apps).tables());
    if all.len() > own.len() {
        migrate(&database, all).await?;
    }
    Ok(database)
}

async fn image() -> Result<Sql> {
    let database = Database::open(IN_MEMORY).await?;
    migrate(&database, own().tables()).await?;
    Ok(Sql::rendered(dump(&database).await?))
}

async fn migrate(database: &Database, apps: Vec<App>) -> Result<()> {
    let migrator = Migrator::new(database, &Schema::default());
    let migrator = apps.into_iter().fold(migrator, Migrator::app);
    migrator.apply(Timestamp::from_secs(0)).await?;
    Ok(())
}

/// What makes those tables and their rows anew.
async fn dump(database: &Database) -> rows::Result<String> {
    let mut statements = Vec::new();
    for object in database.fetch_all(OBJECTS, []).await? {
        statements.push(object.read(0)?);
    }
    for table in database.fetch_all(TABLES, []).await? {
        let (name, columns): (String, String) = (table.read(0)?, table.read(1)?);
        if let Some(rows) = rows_of(database, &name, &columns).await? {
            statements.push(format!("INSERT INTO \"{name}\" VALUES {rows}"));
        }
    }
    for trigger in database.fetch_all(TRIGGERS, []).await? {
        statements.push(trigger.read(0)?);
    }
    Ok(statements.join(";\n"))
}

/// The rows of a table as SQL, if there are any; each column stands in `columns` as an expression for its literal.
async fn rows_of(database: &Database, table: &str, columns: &str) -> rows::Result<Option<String>> {
    let sql = format!("SELECT group_concat('(' || {columns} || ')') FROM \"{table}\"");
    let row = database.fetch_optional(Sql::rendered(sql), []).await?;
    Ok(row.map(|row| row.read(0)).transpose()?.flatten())
}
