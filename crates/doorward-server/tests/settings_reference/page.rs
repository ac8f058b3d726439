//! The page: tables between markers.

use doorward::settings::reference::Table;

const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";

/// The page with its tables written anew. A section that is new comes after the one before it.
///
/// # Errors
/// A marker without a section, a marker without an end.
pub(super) fn renewed(page: &str, tables: &[Table]) -> Result<String, String> {
    let page = with_markers(page, tables)?;
    let mut renewed = String::new();
    let mut rest = page.as_str();
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (marker, after) = after.split_once(" -->").ok_or("a marker has no end")?;
        let (_, after) = after
            .split_once(END)
            .ok_or(format!("no `{END}` after {marker}"))?;
        let (name, origin) = marker.split_once(", ").unwrap_or((marker, "Django"));
        let table = tables.iter().find(|table| table.name == name);
        let table = table.ok_or(format!("the page has {name}, the settings have not"))?;
        renewed += &format!("{before}{BEGIN}{marker} -->\n{}{END}", table.markdown(origin));
        rest = after;
    }
    Ok(renewed + rest)
}

fn with_markers(page: &str, tables: &[Table]) -> Result<String, String> {
    let mut page = page.to_owned();
    let mut place = 0;
    for Table { name, .. } in tables {
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
