//! `keys list`.

use comfy_table::{Table, presets};
use doorward::command::{Console, Failure, Json};
use doorward::django::timestamp::Timestamp;
use serde_json::{Value, json};

use super::{Key, Keyset};

pub(super) fn show(keys: &Keyset, format: &Json, console: &mut Console) -> Result<(), Failure> {
    if format.json {
        let all: Value = keys.keys.iter().map(|key| as_json(keys, key)).collect();
        return console.say(all);
    }
    if keys.keys.is_empty() {
        let path = keys.directory.path().display();
        return console.say(format_args!("No keys in {path}; `doorward keys add` makes one."));
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header([
        "Key",
        "Algorithm",
        "State",
        "Signs from",
        "Verifies until",
    ]);
    for key in &keys.keys {
        table.add_row([
            key.key.kid(),
            key.key.algorithm().name(),
            state(keys, key),
            &time(key.file.signs_from),
            &time(key.file.verifies_until),
        ]);
    }
    console.say(table.trim_fmt())
}

fn time(time: Option<Timestamp>) -> String {
    time.map_or_else(|| "-".to_owned(), Timestamp::to_iso)
}

fn state(keys: &Keyset, key: &Key) -> &'static str {
    if !key.key.verifies_at(keys.now) {
        return "retired";
    }
    if keys.signer().is_some_and(|signer| signer.name == key.name) {
        return "signs";
    }
    match key.file.signs_from {
        Some(begin) if keys.now < begin => "waits",
        _ => "verifies",
    }
}

fn as_json(keys: &Keyset, key: &Key) -> Value {
    json!({
        "kid": key.key.kid(),
        "algorithm": key.key.algorithm().name(),
        "state": state(keys, key),
        "signs_from": key.file.signs_from.map(Timestamp::to_iso),
        "verifies_until": key.file.verifies_until.map(Timestamp::to_iso),
        "file": key.name,
    })
}
