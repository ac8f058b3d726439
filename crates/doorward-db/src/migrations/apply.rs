//! Applies a [`Plan`] inside a transaction.

use doorward_django::timestamp::Timestamp;

use super::app::Model;
use super::plan::{Plan, RecordsTable, Step};
use crate::database::{DatabaseError, Result, Sql, Transaction};
use crate::schema::Names;

/// `django.db.migrations.recorder.MigrationRecorder`
const RECORDS_SQLITE: &str = r#"CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL)"#;

pub(super) async fn run(
    plan: &Plan,
    names: &Names,
    transaction: &mut Transaction,
    now: Timestamp,
) -> Result<()> {
    if plan.records_table == RecordsTable::ToMake {
        transaction.execute(RECORDS_SQLITE, []).await?;
    }
    for step in plan.steps() {
        for statement in step.statements() {
            transaction.execute(render(statement, names), []).await?;
        }
        if step.is_recorded() {
            record(step, transaction, now).await?;
        }
    }
    for (app, model) in &plan.models {
        create_permissions(app, *model, transaction).await?;
    }
    Ok(())
}

pub(super) fn render(statement: &str, names: &Names) -> Sql {
    let user = &names.user;
    Sql::rendered(
        statement
            .replace("{user}", &user.table)
            .replace("{user_pk}", &user.id)
            .replace("{user_id}", names.dialect.user_id_type(user.schema.id)),
    )
}

async fn record(step: &Step, transaction: &mut Transaction, now: Timestamp) -> Result<u64> {
    if step.app() == "doorward" {
        let sql = "INSERT INTO doorward_migration (name, applied) VALUES (?, ?)";
        return transaction.execute(sql, [step.name().into(), now.into()]).await;
    }
    let sql = "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)";
    let values = [step.app().into(), step.name().into(), now.into()];
    transaction.execute(sql, values).await
}

/// What `post_migrate` does for a model (`django.contrib.contenttypes.management.create_contenttypes`,
/// `django.contrib.auth.management.create_permissions`); rows that are there are kept.
async fn create_permissions(app: &str, model: Model, transaction: &mut Transaction) -> Result<()> {
    let content_type = content_type(app, model, transaction).await?;
    for action in ["add", "change", "delete", "view"] {
        let values = [
            content_type.into(),
            format!("{action}_{}", model.name).into(),
            format!("Can {action} {}", model.verbose_name).into(),
        ];
        let sql = "INSERT INTO auth_permission (content_type_id, codename, name) VALUES (?, ?, ?) \
                   ON CONFLICT (content_type_id, codename) DO NOTHING";
        transaction.execute(sql, values).await?;
    }
    Ok(())
}

async fn content_type(app: &str, model: Model, transaction: &mut Transaction) -> Result<i64> {
    let values = [app.into(), model.name.into()];
    let insert = "INSERT INTO django_content_type (app_label, model) VALUES (?, ?) \
                  ON CONFLICT (app_label, model) DO NOTHING";
    transaction.execute(insert, values.clone()).await?;
    let select = "SELECT id FROM django_content_type WHERE app_label = ? AND model = ?";
    let row = transaction.fetch_optional(select, values).await?;
    row.ok_or_else(|| DatabaseError::Statement("the content type is gone".into()))?
        .read(0)
}
