//! One idea, three places, one name: module, test, guide page.

use std::path::Path;

/// The ideas of the door: each has a module, a test and a page of that name.
const IDEAS: [&str; 9] = [
    "authentication",
    "permissions",
    "throttling",
    "cors",
    "sessions",
    "jwt",
    "passwords",
    "settings",
    "exceptions",
];

pub(crate) fn check(root: &Path) -> Vec<String> {
    IDEAS
        .iter()
        .flat_map(|idea| missing(root, idea))
        .chain(unlisted(root))
        .collect()
}

fn missing(root: &Path, idea: &str) -> Vec<String> {
    let core = "crates/doorward-core";
    let places = [
        (
            format!("module {core}/src/{idea}"),
            vec![
                format!("{core}/src/{idea}.rs"),
                format!("{core}/src/{idea}/mod.rs"),
            ],
        ),
        (
            format!("test {core}/tests/{idea}.rs"),
            vec![
                format!("{core}/tests/{idea}.rs"),
                format!("{core}/tests/{idea}/main.rs"),
            ],
        ),
        (
            format!("page docs/guide/src/{idea}.md"),
            vec![format!("docs/guide/src/{idea}.md")],
        ),
    ];
    places
        .into_iter()
        .filter(|(_, paths)| !paths.iter().any(|path| root.join(path).exists()))
        .map(|(place, _)| format!("`{idea}` lacks its {place}"))
        .collect()
}

/// Guide pages that the table of contents does not name.
fn unlisted(root: &Path) -> Vec<String> {
    let folder = root.join("docs/guide/src");
    let summary = std::fs::read_to_string(folder.join("SUMMARY.md")).unwrap_or_default();
    let pages = std::fs::read_dir(&folder)
        .map(|found| found.flatten().collect())
        .unwrap_or_else(|_| Vec::new());
    let names = pages
        .iter()
        .map(|page| page.file_name().to_string_lossy().into_owned());
    names
        .filter(|name| {
            name != "SUMMARY.md" && name.ends_with(".md") && !summary.contains(&format!("({name})"))
        })
        .map(|name| format!("docs/guide/src/{name} is not in SUMMARY.md"))
        .collect()
}
