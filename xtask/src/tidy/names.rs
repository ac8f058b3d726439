//! One idea, three places, one name: module, test, guide page.

use std::path::Path;

/// The ideas of the door: each has a module and a test of that name in its crate, and a page.
const IDEAS: [(&str, &str); 9] = [
    ("doorward-core", "authentication"),
    ("doorward-core", "permissions"),
    ("doorward-core", "throttling"),
    ("doorward-core", "cors"),
    ("doorward-core", "sessions"),
    ("doorward-auth", "jwt"),
    ("doorward-core", "passwords"),
    ("doorward-core", "settings"),
    ("doorward-core", "exceptions"),
];

pub(crate) fn check(root: &Path) -> Vec<String> {
    IDEAS
        .iter()
        .flat_map(|(owner, idea)| missing(root, owner, idea))
        .chain(unlisted(root))
        .collect()
}

fn missing(root: &Path, owner: &str, idea: &str) -> Vec<String> {
    let folder = format!("crates/{owner}");
    let places = [
        (
            format!("module {folder}/src/{idea}"),
            vec![
                format!("{folder}/src/{idea}.rs"),
                format!("{folder}/src/{idea}/mod.rs"),
            ],
        ),
        (
            format!("test {folder}/tests/{idea}.rs"),
            vec![
                format!("{folder}/tests/{idea}.rs"),
                format!("{folder}/tests/{idea}/main.rs"),
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
