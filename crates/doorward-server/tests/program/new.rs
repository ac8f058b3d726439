//! `doorward new`: what it makes, and what it refuses. That what it makes builds and runs is a step of `cargo xtask test`.

use std::path::Path;

use super::support::{Folder, mode};

/// The workspace's root.
fn clone() -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    here.canonicalize().expect("a folder").display().to_string()
}

#[test]
fn a_crate_is_made_under_its_name() {
    let folder = Folder::new();
    let told = folder.succeeds(&["new", "my-notes", "--path-dependencies", &clone()]);
    assert!(told.contains("cd my-notes"), "{told}");
    let manifest = folder.read("my-notes/Cargo.toml");
    assert!(manifest.contains("name = \"my-notes\""), "{manifest}");
    let path = format!("doorward = {{ path = '{}/crates/doorward' }}", clone());
    assert!(manifest.contains(&path), "{manifest}");
    assert!(folder.read("my-notes/src/main.rs").contains("my_notes::site()"));
    assert!(
        folder
            .read("my-notes/tests/notes.rs")
            .contains("my_notes::routes(door)")
    );
    for name in ["Cargo.toml", "README.md", "doorward.toml", "src/lib.rs"] {
        assert!(!folder.read(&format!("my-notes/{name}")).contains("{{"), "{name}");
    }
    assert_eq!(mode(&folder.path("my-notes/doorward.toml")), 0o600);
    assert!(folder.read("my-notes/.gitignore").contains("/doorward.toml"));
}

#[test]
fn two_crates_have_two_keys() {
    let folder = Folder::new();
    folder.succeeds(&["new", "one"]);
    folder.succeeds(&["new", "two"]);
    assert_ne!(folder.read("one/doorward.toml"), folder.read("two/doorward.toml"));
    let version = format!("doorward = \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(folder.read("one/Cargo.toml").contains(&version));
}

#[test]
fn names_that_are_none_and_folders_that_are_there_are_refused() {
    let folder = Folder::new();
    for name in ["2notes", "../notes", "a b", "fn", "serde", "doorward"] {
        let told = folder.fails(&["new", name], 1);
        assert!(told.contains(name) && told.contains("crate"), "{told}");
    }
    assert!(
        folder
            .fails(&["new", "notes", "--path-dependencies", "."], 1)
            .contains("crates/doorward")
    );
    assert_eq!(folder.names(), [""; 0]);
    folder.succeeds(&["new", "notes"]);
    let kept = folder.read("notes/doorward.toml");
    assert!(folder.fails(&["new", "notes"], 1).contains("it exists already"));
    assert_eq!(folder.read("notes/doorward.toml"), kept);
}
