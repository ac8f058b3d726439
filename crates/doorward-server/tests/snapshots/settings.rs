//! The reference of the settings, and the defaults of every key.

use std::fs;
use std::path::Path;

use doorward::settings::{LockoutSettings, MailSettings, RemoteUserSettings, Settings};
use doorward_server::app::MetricsSettings;

use super::snapshot::compare;

#[test]
fn reference_of_every_key() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/src/settings.md");
    let page = fs::read_to_string(page).expect("the page of the guide");
    let tables = page.split("<!-- generated: ").skip(1);
    let tables = tables.filter_map(|rest| rest.split_once("<!-- end -->"));
    let text: String = tables
        .map(|(table, _)| format!("{}\n", table.replace(" -->", "")))
        .collect();
    compare("settings_reference", &text);
}

/// Without the names of the types.
#[test]
fn defaults_of_every_key() {
    let settings = Settings::default()
        .with_section(LockoutSettings::default())
        .with_section(RemoteUserSettings::default())
        .with_section(MetricsSettings::default())
        .with_section(MailSettings::default());
    let text = format!("{settings:#?}\n");
    let lines = text.lines().map(|line| match line.trim_end().strip_suffix(" {") {
        None => format!("{line}\n"),
        Some(begin) => format!("{}{{\n", begin.trim_end_matches(char::is_alphanumeric)),
    });
    compare("settings_defaults", &lines.collect::<String>());
}
