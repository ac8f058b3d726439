//! `routes`: every path of the server with its methods and its policy.

use comfy_table::{Table, presets};
use doorward::command::{Console, Failure, Json, Topic};
use doorward::router::RouteInfo;
use doorward::serve::Draining;
use serde_json::{Value, json};

use crate::entry::Entry;
use crate::options::Common;
use crate::{app, settings};

const ABOUT: &str = "List every path with its methods and its policy";

pub(super) fn entry() -> Entry {
    Entry::new(
        Topic::Settings,
        "routes",
        ABOUT,
        |common, format: Json, console| Box::pin(run(common, format, console)),
    )
}

/// Routes do not depend on the database, which is not touched.
async fn run(common: &Common, format: Json, console: &mut Console) -> Result<(), Failure> {
    let door = settings::without_database(settings::load(common)?).await?;
    let routes = app::router(&door, &Draining::default()).routes();
    if format.json {
        let all: Value = routes.iter().map(as_json).collect();
        return console.say(all);
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header([
        "Path",
        "Methods",
        "Authenticators",
        "Permissions",
        "Throttles",
    ]);
    for route in &routes {
        table.add_row([
            route.path.clone(),
            methods(route).join(" "),
            lines(&route.authenticators),
            permissions(route),
            lines(&route.throttles),
        ]);
    }
    console.say(table.trim_fmt())
}

/// A name a line; `-` for none.
fn lines(names: &[String]) -> String {
    match names {
        [] => "-".to_owned(),
        names => names.join("\n"),
    }
}

/// A route that asks none says what it is: `page` or `public`.
fn permissions(route: &RouteInfo) -> String {
    match route.policy.as_str() {
        word @ ("page" | "public") => word.to_owned(),
        _ => lines(&route.permissions),
    }
}

fn methods(route: &RouteInfo) -> Vec<&str> {
    route.methods.iter().map(|method| method.as_str()).collect()
}

fn as_json(route: &RouteInfo) -> Value {
    json!({
        "path": route.path,
        "methods": methods(route),
        "policy": route.policy,
        "open": route.is_open(),
        "authenticators": route.authenticators,
        "permissions": route.permissions,
        "throttles": route.throttles,
    })
}
