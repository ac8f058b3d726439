//! The tables on MariaDB: made, made once, and looked at.

use doorward_db::migrations::{App, MigrateError, Migration, Migrator, Model, Origin, Problem};
use doorward_db::{Database, Schema};
use doorward_django::timestamp::Timestamp;

use crate::Scratch;

pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn migrator(database: &Database) -> Migrator {
    Migrator::new(database, &Schema::default())
}

#[tokio::test]
async fn a_new_database_gets_its_tables_and_nothing_is_wrong_with_them() {
    let Some(scratch) = Scratch::new("db_new").await else {
        return;
    };
    let database = scratch.open().await;
    let migrator = migrator(&database);
    let plan = migrator.apply(NOW).await.unwrap();
    assert_eq!(plan.origin(), Origin::New);
    assert!(migrator.is_current().await.unwrap());
    assert_eq!(migrator.problems().await.unwrap(), []);
    migrator.prove_writable().await.unwrap();
    let applied = migrator.list().await.unwrap();
    assert!(
        applied
            .iter()
            .flat_map(|app| &app.migrations)
            .all(|(_, at)| *at == Some(NOW))
    );
}

#[tokio::test]
async fn of_many_that_start_at_once_one_makes_the_tables() {
    let Some(scratch) = Scratch::new("db_at_once").await else {
        return;
    };
    let mut tasks = Vec::new();
    for _ in 0..6 {
        let database = scratch.open().await;
        tasks.push(tokio::spawn(async move { migrator(&database).apply(NOW).await }));
    }
    let mut made = 0;
    for task in tasks {
        made += usize::from(!task.await.unwrap().unwrap().steps().is_empty());
    }
    assert_eq!(made, 1);
}

#[tokio::test]
async fn our_own_tables_are_made_again() {
    let Some(scratch) = Scratch::new("db_again").await else {
        return;
    };
    let database = scratch.open().await;
    let migrator = migrator(&database);
    migrator.apply(NOW).await.unwrap();
    for table in ["doorward_revocation", "doorward_migration_step"] {
        let sql = doorward_db::Sql::rendered(format!("DROP TABLE {table}"));
        database.execute(sql, []).await.unwrap();
    }
    let plan = migrator.apply(NOW).await.unwrap();
    let steps: Vec<_> = plan.steps().iter().map(ToString::to_string).collect();
    assert_eq!(
        steps,
        [
            "doorward.mend_doorward_migration_step",
            "doorward.mend_doorward_revocation"
        ]
    );
    assert!(migrator.is_current().await.unwrap());
}

#[tokio::test]
async fn an_application_s_tables_come_along_with_their_permissions() {
    let Some(scratch) = Scratch::new("db_app").await else {
        return;
    };
    let database = scratch.open().await;
    let shop = App::new("shop")
        .migration(Migration::new("0001_initial").mariadb(&[
            "CREATE TABLE shop_product (id bigint AUTO_INCREMENT NOT NULL PRIMARY KEY, owner_id {user_id} NULL, \
             FOREIGN KEY (owner_id) REFERENCES {user} ({user_pk}))",
        ]))
        .model(Model::new("product", "product"));
    let with = migrator(&database).app(shop);
    let plan = with.apply(NOW).await.unwrap();
    assert_eq!(plan.apps().last(), Some(&"shop"));
    let sql = "SELECT codename FROM auth_permission WHERE codename LIKE '%_product'";
    assert_eq!(database.fetch_all(sql, []).await.unwrap().len(), 4);
    let sql = "INSERT INTO shop_product () VALUES ()";
    database.execute(sql, []).await.unwrap();

    let other = App::new("other")
        .migration(Migration::new("0001_initial").sqlite(&["CREATE TABLE other (id integer)"]));
    let Err(MigrateError::Refused(problems)) = migrator(&database).app(other).apply(NOW).await else {
        panic!("it makes nothing here");
    };
    let told = "other.0001_initial has no statements for MariaDB";
    assert_eq!(
        problems.iter().map(Problem::to_string).collect::<Vec<_>>(),
        [told]
    );
}
