//! The application's own tables: `tutorial/migrations/` of the reference site.

use doorward::migrations::{App, Migration, Migrator, Model};
use doorward::prelude::*;

/// Makes Django's tables and the application's, where they are not there yet; tells what was made.
pub(crate) async fn migrate(door: &Doorward) -> doorward::Result<String> {
    let plan = migrator(door).apply(door.now()).await?;
    match plan.steps() {
        [] => Ok("No migrations to apply.\n".to_owned()),
        steps => Ok(steps.iter().map(|step| format!("Applied {step}\n")).collect()),
    }
}

fn migrator(door: &Doorward) -> Migrator {
    door.migrator().app(tutorial())
}

/// The app `tutorial`: its migrations by name, and its models, which get permissions.
fn tutorial() -> App {
    App::new("tutorial")
        .migration(Migration::new("0001_initial").sqlite(INITIAL_SQLITE))
        .model(Model::new("product", "product"))
}

/// What `manage.py sqlmigrate tutorial 0001_initial` prints.
const INITIAL_SQLITE: &[&str] = &[
    r#"CREATE TABLE "tutorial_product" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(100) NOT NULL, "category" varchar(50) NOT NULL, "price" decimal NOT NULL, "in_stock" bool NOT NULL, "created" datetime NOT NULL, "owner_id" {user_id} NULL REFERENCES {user} ({user_pk}) DEFERRABLE INITIALLY DEFERRED)"#,
    r#"CREATE INDEX "tutorial_product_owner_id_ee8a6788" ON "tutorial_product" ("owner_id")"#,
];
