//! Runs of migrations that are interrupted anywhere, and go on where they stopped.

use std::time::Duration;

use doorward_db::migrations::{App, Migration, Migrator, Model};
use doorward_db::{Database, Schema};
use doorward_django::timestamp::Timestamp;
use tokio::time::timeout;

use crate::Scratch;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

/// Tables of an application's own, and rows: none of its statements bears being run twice.
fn shop() -> App {
    App::new("shop")
        .migration(Migration::new("0001_initial").mariadb(&[
            "CREATE TABLE `shop_product` (`id` bigint AUTO_INCREMENT NOT NULL PRIMARY KEY, `owner_id` {user_id} NULL)",
            "ALTER TABLE `shop_product` ADD CONSTRAINT `shop_product_owner` FOREIGN KEY (`owner_id`) REFERENCES {user} ({user_pk})",
            "CREATE INDEX `shop_product_id` ON `shop_product` (`id`)",
        ]))
        .migration(Migration::new("0002_price").mariadb(&[
            "INSERT INTO shop_product (owner_id) VALUES (NULL)",
            "ALTER TABLE `shop_product` ADD COLUMN `price` integer NOT NULL DEFAULT 0",
            "UPDATE shop_product SET price = price + 1",
        ]))
        .model(Model::new("product", "product"))
}

fn migrator(database: &Database) -> Migrator {
    Migrator::new(database, &Schema::default()).app(shop())
}

/// All that there is, but for numbers that were given and taken back.
async fn picture(database: &Database) -> Vec<String> {
    let mut lines = Vec::new();
    for sql in [
        "SELECT CONCAT_WS(' ', table_name, column_name, column_type, is_nullable, column_default, extra) AS line \
         FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY 1",
        "SELECT CONCAT_WS(' ', table_name, index_name, seq_in_index, column_name, non_unique) AS line \
         FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY 1",
        "SELECT CONCAT_WS(' ', table_name, constraint_name, column_name, referenced_table_name) AS line \
         FROM information_schema.key_column_usage WHERE table_schema = DATABASE() ORDER BY 1",
        "SELECT CONCAT_WS(' ', app, name) AS line FROM django_migrations ORDER BY id",
        "SELECT name AS line FROM doorward_migration ORDER BY id",
        "SELECT CONCAT_WS(' ', app, name, statements) AS line FROM doorward_migration_step ORDER BY 1",
        "SELECT CONCAT_WS(' ', app_label, model) AS line FROM django_content_type ORDER BY id",
        "SELECT CONCAT_WS(' ', codename, name) AS line FROM auth_permission ORDER BY id",
        "SELECT CONCAT_WS(' ', owner_id, price) AS line FROM shop_product",
    ] {
        let rows = database.fetch_all(sql, []).await.unwrap();
        lines.extend(rows.iter().map(|row| row.read::<String>("line").unwrap()));
    }
    lines
}

#[tokio::test]
async fn a_run_that_is_interrupted_anywhere_is_gone_on_with() {
    let Some(scratch) = Scratch::new("db_whole").await else {
        return;
    };
    let whole = scratch.open().await;
    migrator(&whole).apply(NOW).await.unwrap();
    let expected = picture(&whole).await;
    let scratch = Scratch::new("db_interrupted").await.unwrap();
    let mut interrupted = 0;
    for patience in (3..).step_by(6) {
        let database = scratch.open().await;
        let run = migrator(&database);
        match timeout(Duration::from_millis(patience), run.apply(NOW)).await {
            Ok(done) => {
                done.unwrap();
                break;
            }
            Err(_) => interrupted += 1,
        }
        database.close().await;
    }
    assert!(interrupted > 5, "{interrupted}");
    let database = scratch.open().await;
    assert_eq!(picture(&database).await, expected);
    let migrator = migrator(&database);
    assert_eq!(migrator.problems().await.unwrap(), []);
    assert!(migrator.is_current().await.unwrap());
}

/// Whose connection the server cuts hears of it, and the next one goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_whose_connection_is_cut_is_gone_on_with() {
    let Some(scratch) = Scratch::new("db_cut_runs").await else {
        return;
    };
    let admin = scratch.open().await;
    for _ in 0..4 {
        let before = tables(&admin).await;
        let database = scratch.open().await;
        let run = tokio::spawn(async move { migrator(&database).apply(NOW).await });
        while tables(&admin).await == before {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        crate::faults::cut(&admin).await;
        run.await.unwrap().expect_err("it was cut");
    }
    migrator(&admin).apply(NOW).await.unwrap();
    let whole = picture(&admin).await;
    assert!(
        whole
            .iter()
            .any(|line| line == "delete_product Can delete product")
    );
    assert!(migrator(&admin).is_current().await.unwrap());
    assert_eq!(migrator(&admin).problems().await.unwrap(), []);
}

async fn tables(database: &Database) -> i64 {
    let sql = "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE()";
    let row = database.fetch_optional(sql, []).await.unwrap();
    row.unwrap().read(0).unwrap()
}

/// A statement that fails stops the run; mended, it goes on behind those that are done.
#[tokio::test]
async fn a_run_that_failed_goes_on_when_it_is_mended() {
    let Some(scratch) = Scratch::new("db_failed_run").await else {
        return;
    };
    let database = scratch.open().await;
    let app = |last: &'static [&'static str]| {
        App::new("shop").migration(Migration::new("0001_initial").mariadb(last))
    };
    let with = |app| Migrator::new(&database, &Schema::default()).app(app);
    let broken = with(app(&[
        "CREATE TABLE `a` (`id` integer)",
        "CREATE TABLE `b` (`id` nothing)",
    ]));
    broken.apply(NOW).await.expect_err("no such type");
    let taken = with(app(&[
        "CREATE TABLE `a` (`id` integer)",
        "CREATE TABLE `auth_user` (`id` integer)",
    ]));
    let mended = with(app(&[
        "CREATE TABLE `a` (`id` integer)",
        "CREATE TABLE `b` (`id` integer)",
    ]));
    assert!(!mended.is_current().await.unwrap());
    mended.apply(NOW).await.unwrap();
    assert!(mended.is_current().await.unwrap());
    assert!(taken.is_current().await.unwrap(), "it is recorded by its name");
    database.fetch_all("SELECT id FROM b", []).await.unwrap();
}
