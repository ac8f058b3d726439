//! The guide's table of settings has every key.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};

#[test]
fn every_key_stands_in_the_guide() {
    let page = std::fs::read_to_string(root().join("docs/guide/src/settings.md")).unwrap();
    let is_told = |key: &String| {
        page.contains(&format!("`{key}`"))
            || page.contains(&format!("`[{key}]`"))
            || page.contains(&format!(".{key}]`"))
    };
    let keys = keys();
    assert!(keys.len() > 90, "the settings are where they were");
    let missing: Vec<_> = keys.into_iter().filter(|key| !is_told(key)).collect();
    assert!(
        missing.is_empty(),
        "not in docs/guide/src/settings.md: {missing:?}"
    );
}

/// The public fields of the settings' structs.
fn keys() -> Vec<String> {
    let folder = root().join("crates/doorward-core/src/settings");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let sources = files
        .filter(|path| path.is_file())
        .map(|path| std::fs::read_to_string(path).unwrap());
    let lines: Vec<String> = sources
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    lines.iter().filter_map(|line| field(line)).collect()
}

fn field(line: &str) -> Option<String> {
    let (name, _) = line.strip_prefix("    pub ")?.split_once(": ")?;
    let is_name = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    is_name.then(|| name.to_owned())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
