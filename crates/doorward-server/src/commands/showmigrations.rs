//! `showmigrations`: which migrations are applied (`django.core.management.commands.showmigrations`).

use doorward::command::{Console, Failure, Json, Topic};
use doorward::migrations::AppStatus;
use serde_json::{Value, json};

use crate::entry::Entry;
use crate::options::Common;
use crate::settings;

const ABOUT: &str = "Show all migrations, and which are applied";

pub(super) fn entry() -> Entry {
    Entry::new(
        Topic::Server,
        "showmigrations",
        ABOUT,
        |common, format: Json, console| Box::pin(run(common, format, console)),
    )
}

async fn run(common: &Common, format: Json, console: &mut Console) -> Result<(), Failure> {
    let apps = settings::look(common, console).await?.migrator().list().await?;
    if format.json {
        let all: serde_json::Map<_, _> = apps.iter().map(|app| (app.label.clone(), as_json(app))).collect();
        return console.say(Value::Object(all));
    }
    apps.iter().try_for_each(|app| show(app, console))
}

fn show(app: &AppStatus, console: &mut Console) -> Result<(), Failure> {
    console.say(&app.label)?;
    if app.migrations.is_empty() {
        return console.say(" (no migrations)");
    }
    for (name, applied) in &app.migrations {
        let mark = if applied.is_some() { "X" } else { " " };
        console.say(format_args!(" [{mark}] {name}"))?;
    }
    Ok(())
}

fn as_json(app: &AppStatus) -> Value {
    let migration = |(name, applied): &(String, Option<doorward::django::timestamp::Timestamp>)| json!({ "name": name, "applied": applied.map(|time| time.to_iso()) });
    app.migrations.iter().map(migration).collect()
}
