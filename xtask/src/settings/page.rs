//! The page: tables between markers.

use super::sections::{Row, Section};

const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";

/// The page with its tables written anew. A section that is new comes after the one before it.
///
/// # Errors
/// A marker without a section, a marker without an end.
pub(super) fn renewed(page: &str, sections: &[Section]) -> Result<String, String> {
    let page = with_markers(page, sections)?;
    let mut renewed = String::new();
    let mut rest = page.as_str();
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (marker, after) = after.split_once(" -->").ok_or("a marker has no end")?;
        let (_, after) = after
            .split_once(END)
            .ok_or(format!("no `{END}` after {marker}"))?;
        let (name, origin) = marker.split_once(", ").unwrap_or((marker, "Django"));
        let section = sections.iter().find(|section| section.name == name);
        let section = section.ok_or(format!("the page has {name}, the settings have not"))?;
        renewed += &format!("{before}{BEGIN}{marker} -->\n{}{END}", table(section, origin));
        rest = after;
    }
    Ok(renewed + rest)
}

fn with_markers(page: &str, sections: &[Section]) -> Result<String, String> {
    let mut page = page.to_owned();
    let mut place = 0;
    for Section { name, .. } in sections {
        let marker = [format!("{BEGIN}{name} -->"), format!("{BEGIN}{name}, ")];
        let found = marker.iter().find_map(|marker| page.find(marker));
        if found.is_none() {
            page.insert_str(place, &format!("\n\n### `{name}`\n\n{BEGIN}{name} -->\n{END}"));
        }
        let begin = found.unwrap_or(place);
        let end = page.get(begin..).and_then(|rest| rest.find(END));
        place = begin + end.ok_or(format!("no `{END}` after {name}"))? + END.len();
    }
    Ok(page)
}

/// The column of names in Django is left out where no key has one.
fn table(section: &Section, origin: &str) -> String {
    let has_origins = section.rows.iter().any(|row| row.origin.is_some());
    let head = match has_origins {
        true => format!("| key | {origin} | type | default | |\n|---|---|---|---|---|\n"),
        false => "| key | type | default | |\n|---|---|---|---|\n".to_owned(),
    };
    let lines = section.rows.iter().map(|row| line(row, has_origins));
    head + &lines.collect::<String>()
}

fn line(row: &Row, has_origins: bool) -> String {
    let Row {
        key,
        kind,
        origin,
        default,
        text,
    } = row;
    let text = text.replace('|', "\\|");
    let origin = match (has_origins, origin) {
        (true, Some(origin)) => format!(" `{origin}` |"),
        (true, None) => " |".to_owned(),
        (false, _) => String::new(),
    };
    format!("| `{key}` |{origin} {kind} | {default} | {text} |\n")
}
