//! What `check` prints.

use comfy_table::{ContentArrangement, Table, presets};
use doorward::checks::CheckMessage;
use serde_json::{Value, json};

use crate::command_line::Json;
use crate::console::Console;
use crate::failure::Failure;

/// Where nobody says how wide a terminal is.
const WIDTH: u16 = 110;

pub(super) fn show(found: &[CheckMessage], format: &Json, console: &mut Console) -> Result<(), Failure> {
    if format.json {
        return console.say(found.iter().map(as_json).collect::<Value>());
    }
    if found.is_empty() {
        return console.say("System check identified no issues.");
    }
    console.say(table(found).trim_fmt())?;
    console.say(format_args!("\nSystem check identified {}.", issues(found.len())))
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
        1 => "1 issue".to_owned(),
        _ => format!("{count} issues"),
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
