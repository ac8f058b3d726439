//! The guide's page of settings: its tables are what the types say, the prose between them is written by hand.

mod page;

use std::path::PathBuf;

use doorward::settings::reference::{self, Table};
use doorward::settings::{Environment, Loader, Period, Section, SectionKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `cargo xtask settings` sets `DOORWARD_BLESS`, and has the page written.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the task that starts this test asks by a variable"
)]
fn the_page_is_what_the_types_say() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/src/settings.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let renewed = page::renewed(&text, &known()).unwrap();
    if std::env::var_os("DOORWARD_BLESS").is_some() {
        std::fs::write(&path, &renewed).unwrap();
        return;
    }
    for (written, right) in text.lines().zip(renewed.lines()) {
        assert_eq!(written, right, "run `cargo xtask settings`");
    }
    assert_eq!(text, renewed, "run `cargo xtask settings`");
}

/// A loader of the ready server.
fn loader() -> Loader {
    Loader::new().apps(&doorward_server::app::apps())
}

fn known() -> Vec<Table> {
    loader().environment(Environment::default()).reference()
}

/// A key is marked *later* if it cannot be set away from its default yet, and only then.
#[test]
fn what_does_not_exist_yet_is_marked() {
    let mut marked = 0;
    for (key, row) in known().iter().flat_map(keys) {
        let Some(value) = another(row) else { continue };
        let name = format!("DOORWARD_{}", key.replace('.', "__").to_uppercase());
        let environment = Environment::new([
            (name.as_str(), value.as_str()),
            (
                "DOORWARD_SECRET_KEY",
                "a-key-for-tests-that-is-long-enough-0123456789",
            ),
        ]);
        let loader = loader().default_file("/nonexistent").environment(environment);
        let told = loader
            .load()
            .map_or_else(|errors| errors.to_string(), |_| String::new());
        let is_marked = row.text.starts_with("*later.* ");
        assert_eq!(
            told.contains(&format!("{key}: not supported yet")),
            is_marked,
            "{key}: {told}"
        );
        marked += usize::from(is_marked);
    }
    assert_eq!(marked, 0);
}

/// The keys of a table with their rows; those of a list of sections have no variable.
fn keys(table: &Table) -> Vec<(String, &reference::Row)> {
    let section = match table
        .name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        Some(list) if list.starts_with('[') => return Vec::new(),
        Some(section) => format!("{section}."),
        None => String::new(),
    };
    let rows = table.rows.iter();
    rows.map(|row| (format!("{section}{}", row.key), row)).collect()
}

/// A value that is not the default.
fn another(row: &reference::Row) -> Option<String> {
    Some(match row.kind.as_str() {
        "duration" => "17s".to_owned(),
        "whole number" => "17".to_owned(),
        "name" => row.text.rsplit('"').nth(1)?.to_owned(),
        "text" => "other".to_owned(),
        _ => return None,
    })
}

#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
struct Bell {
    /// How long it rings.
    length: Period,
    /// Who may ring, a | b.
    ringers: Option<String>,
}

impl Default for Bell {
    fn default() -> Self {
        let length = Period::from_secs(3_600);
        Self {
            length,
            ringers: None,
        }
    }
}

impl Section for Bell {
    const LABEL: &'static str = "bell";
}

fn bell() -> Vec<Table> {
    SectionKind::of::<Bell>().tables()
}

const FRAME: &str = "Before.\n<!-- generated: [bell], Bells -->\nold\n<!-- end -->\nAfter.\n";

#[test]
fn tables_are_written_between_the_markers() {
    assert_eq!(
        page::renewed(FRAME, &bell()).unwrap(),
        "Before.\n<!-- generated: [bell], Bells -->\n\
         | key | type | default | |\n|---|---|---|---|\n\
         | `length` | duration | `\"1h\"` | How long it rings. |\n\
         | `ringers` | text | none | Who may ring, a \\| b. |\n\
         <!-- end -->\nAfter.\n"
    );
}

#[test]
fn a_page_that_is_renewed_stays_as_it_is() {
    let page = page::renewed(FRAME, &bell()).unwrap();
    assert_eq!(page::renewed(&page, &bell()).unwrap(), page);
}

#[test]
fn a_new_key_a_new_default_a_new_remark_and_a_new_name_make_the_page_stale() {
    let page = page::renewed(FRAME, &bell()).unwrap();
    let changes: [fn(&mut Table); 4] = [
        |table| table.rows.push(table.rows[0].clone()),
        |table| "`\"1m\"`".clone_into(&mut table.rows[0].default),
        |table| "How long it rings, at most.".clone_into(&mut table.rows[0].text),
        |table| table.rows[0].text.push_str(" Allowed: `\"deep\"`."),
    ];
    for change in changes {
        let mut tables = bell();
        change(&mut tables[0]);
        assert_ne!(page::renewed(&page, &tables).unwrap(), page);
    }
}

#[test]
fn a_new_section_comes_after_the_one_before_it() {
    let tables: Vec<Table> = [known().swap_remove(0)].into_iter().chain(bell()).collect();
    let page = "<!-- generated: top level -->\n<!-- end -->\n\nAfter.\n";
    let page = page::renewed(page, &tables).unwrap();
    let (_, after) = page.split_once("<!-- end -->").unwrap();
    assert!(
        after.starts_with("\n\n### `[bell]`\n\n<!-- generated: [bell] -->\n| key |"),
        "{after}"
    );
    assert!(after.ends_with("<!-- end -->\n\nAfter.\n"), "{after}");
    assert_eq!(page::renewed(&page, &tables).unwrap(), page);
}

#[test]
fn a_table_without_a_section_is_told() {
    let page = format!("{FRAME}<!-- generated: [gong] -->\n<!-- end -->\n");
    assert!(page::renewed(&page, &bell()).unwrap_err().contains("[gong]"));
}

#[test]
fn a_table_without_an_end_is_told() {
    let page = "<!-- generated: [bell] -->\n";
    assert!(page::renewed(page, &bell()).unwrap_err().contains("<!-- end -->"));
}
