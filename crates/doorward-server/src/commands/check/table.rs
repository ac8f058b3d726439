//! What `check` prints.

use comfy_table::{ContentArrangement, Table, presets};
use doorward::checks::CheckMessage;
use doorward::command::{Console, Failure, Json};
use serde_json::{Value, json};

/// Where nobody says how wide a terminal is.
const WIDTH: u16 = 110;

/// What was found, and how many messages were left out.
pub(super) fn show(
    found: &[CheckMessage],
    silenced: usize,
    format: &Json,
    console: &mut Console,
) -> Result<(), Failure> {
    if format.json {
        return console.say(found.iter().map(as_json).collect::<Value>());
    }
    let sum = format!(
        "System check identified {}{}.",
        issues(found.len()),
        left_out(silenced)
    );
    if found.is_empty() {
        return console.say(sum);
    }
    console.say(table(found).trim_fmt())?;
    console.say(format_args!("\n{sum}"))
}

fn table(found: &[CheckMessage]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(["Level", "Id", "What", "To do"]);
    if table.width().is_none() {
        table.set_width(WIDTH);
    }
    for message in found {
        table.add_row([
            message.level.to_string().as_str(),
            message.id,
            &message.message,
            &message.hint,
        ]);
    }
    table
}

fn issues(count: usize) -> String {
    match count {
        0 => "no issues".to_owned(),
        1 => "1 issue".to_owned(),
        _ => format!("{count} issues"),
    }
}

fn left_out(silenced: usize) -> String {
    match silenced {
        0 => String::new(),
        _ => format!(" ({silenced} silenced)"),
    }
}

fn as_json(message: &CheckMessage) -> Value {
    json!({
        "level": message.level.to_string(),
        "id": message.id,
        "message": message.message,
        "hint": message.hint,
    })
}
