//! What `status` says to people.

use doorward::command::{Console, Failure};
use doorward::settings::FeedUse;
use serde_json::Value;

use super::{Feed, Migrations, Node, Status};

pub(super) fn say(status: &Status, console: &mut Console) -> Result<(), Failure> {
    let version = env!("CARGO_PKG_VERSION");
    console.say(format_args!("Doorward {version}, {}", status.database))?;
    console.say(migrations(&status.migrations))?;
    console.say(feed(&status.feed))?;
    let Some(nodes) = &status.nodes else {
        return console.say("Nodes: not known before `doorward migrate`");
    };
    console.say(format_args!("Nodes: {}", nodes.len()))?;
    nodes.iter().try_for_each(|node| of_node(node, console))
}

fn migrations(migrations: &Migrations) -> String {
    match migrations {
        Migrations::Applied => "Migrations: all applied".to_owned(),
        Migrations::Missing(count) => format!("Migrations: {count} not applied; run `doorward migrate`"),
        Migrations::Refused(problems) => format!("Migrations: {}", problems.join("; ")),
    }
}

fn feed(feed: &Feed) -> String {
    match feed {
        Feed::Sees(rows) => format!("Change feed: sees every change; rows that are kept for now: {rows}"),
        Feed::NotWanted => "Change feed: not used".to_owned(),
        Feed::NotInstalled(FeedUse::On) => {
            "Change feed: not installed, and `cache.feed` is `on`; run `doorward feed install`".to_owned()
        }
        Feed::NotInstalled(_) => "Change feed: not installed; `doorward feed install` installs it".to_owned(),
        Feed::Blind(problem) => format!("Change feed: {problem}"),
    }
}

fn of_node(node: &Node, console: &mut Console) -> Result<(), Failure> {
    let row = &node.row;
    console.say(format_args!(
        "  {} at {}, {}, up {}, seen {} ago{}",
        row.name,
        text(node.state.get("bind")),
        row.version,
        time(row.up_s),
        time(row.seen_s),
        if node.is_silent { ", SILENT" } else { "" },
    ))?;
    if let Some(feed) = node.state.get("feed").filter(|feed| !feed.is_null()) {
        console.say(format_args!("    feed {}", of_feed(feed)))?;
    }
    if let Some(cache) = node.state.get("cache") {
        console.say(format_args!("    cache {}", of_cache(cache)))?;
    }
    let pools = node.state.get("pools").and_then(Value::as_array);
    let pools: Vec<_> = pools.into_iter().flatten().map(of_pool).collect();
    console.say(format_args!("    connections: {}", pools.join(", ")))
}

fn of_feed(feed: &Value) -> String {
    let age = feed.get("confirmed_age_s").and_then(Value::as_f64);
    let age = age.map_or_else(String::new, |age| format!(", confirmed {age:.3} s before"));
    let (state, flaps) = (text(feed.get("state")), number(feed, "flaps"));
    format!("{state}{age}, went down {flaps} times")
}

fn of_cache(cache: &Value) -> String {
    if cache.is_null() {
        return "switched off".to_owned();
    }
    format!(
        "{} hits, {} misses, {} fills; {} facts, {} of {} MiB; {} waiting, {} refused",
        number(cache, "hits"),
        number(cache, "misses"),
        number(cache, "fills"),
        number(cache, "entries"),
        number(cache, "bytes") >> 20,
        number(cache, "max_bytes") >> 20,
        number(cache, "waiting"),
        number(cache, "refused"),
    )
}

fn of_pool(pool: &Value) -> String {
    let (name, size) = (text(pool.get("name")), number(pool, "size"));
    format!("{name} {} of {size} in use", number(pool, "in_use"))
}

fn number(of: &Value, name: &str) -> u64 {
    of.get(name).and_then(Value::as_u64).unwrap_or_default()
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or("?")
}

/// In the largest unit that fits twice.
fn time(seconds: i64) -> String {
    const UNITS: [(i64, &str); 3] = [(86_400, "days"), (3_600, "h"), (60, "min")];
    let unit = UNITS.into_iter().find(|(size, _)| seconds >= 2 * size);
    match unit {
        Some((size, name)) => format!("{} {name}", seconds / size),
        None => format!("{seconds} s"),
    }
}
