//! A cycle, an import upwards and the rest, planted in a temporary tree.

use std::path::Path;

use super::*;
use crate::tidy::{methods, sources};

const RULES: Crate = Crate {
    name: "house",
    layers: &[&["ground"], &["left", "right"], &["roof"]],
    exceptions: &[],
};

fn breaches(files: &[(&str, &str)], rules: Crate) -> Vec<String> {
    let root = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        plant(&root.path().join("crates/house/src").join(path), text);
    }
    let sources = sources::all(root.path()).expect("these are sources");
    [check(&sources, &[rules]), methods::check(&sources, &[rules])].concat()
}

fn plant(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

/// A tidy house in which some files are others.
fn house(changed: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut files = vec![
        (
            "lib.rs",
            "mod ground; mod left; mod right; mod roof; pub use roof::Tile;",
        ),
        ("ground.rs", "pub struct Stone;"),
        ("left/mod.rs", "mod wall; use crate::ground::Stone;"),
        ("left/wall.rs", "use super::super::ground::Stone;"),
        ("right.rs", "use crate::{ground::Stone, left};"),
        ("roof.rs", "use crate::{left, right}; pub struct Tile;"),
    ];
    files.retain(|(path, _)| changed.iter().all(|(other, _)| other != path));
    files.extend(changed);
    files
}

#[track_caller]
fn only(breaches: &[String], says: &[&str]) {
    assert_eq!(breaches.len(), says.len(), "{breaches:#?}");
    for (breach, part) in breaches.iter().zip(says) {
        assert!(breach.contains(part), "{breach}\nlacks\n{part}");
    }
}

#[test]
fn imports_downwards_are_fine() {
    only(&breaches(&house(&[]), RULES), &[]);
}

#[test]
fn an_import_upwards_is_named_with_its_place_and_its_circle() {
    let planted = house(&[
        ("left/wall.rs", "struct Wall;\n\nuse crate::roof;"),
        ("right.rs", ""),
    ]);
    only(
        &breaches(&planted, RULES),
        &[
            "crates/house/src/left/wall.rs:3: `left` imports `roof`, which stands above it; move",
            "crates/house: a circle of modules: left → roof → left (crates/house/src/left/wall.rs:3, crates/house/src/roof.rs:1)",
        ],
    );
}

#[test]
fn a_name_of_the_root_counts_as_its_module() {
    let planted = house(&[("ground.rs", "pub fn stone() -> crate::Tile { todo!() }")]);
    let found = breaches(&planted, RULES);
    assert!(
        found
            .iter()
            .any(|breach| breach.contains("ground.rs:1: `ground` imports `roof`")),
        "{found:#?}"
    );
}

#[test]
fn an_import_upwards_needs_no_circle() {
    let planted = house(&[
        ("ground.rs", "use crate::right;"),
        ("right.rs", ""),
        ("roof.rs", ""),
    ]);
    only(
        &breaches(&planted, RULES),
        &["crates/house/src/ground.rs:1: `ground` imports `right`, which stands above it"],
    );
}

#[test]
fn modules_of_one_layer_form_no_circle() {
    let planted = house(&[("left/wall.rs", "fn f() { super::super::right::g() }")]);
    only(
        &breaches(&planted, RULES),
        &["a circle of modules: left → right → left"],
    );
}

#[test]
fn every_module_has_a_place_and_every_place_a_module() {
    let planted = house(&[("cellar.rs", ""), ("right.rs", "")]);
    only(
        &breaches(&planted, RULES),
        &["the module `cellar` has no place in the order"],
    );
    let mut planted = house(&[("roof.rs", "")]);
    planted.retain(|(path, _)| *path != "right.rs");
    only(&breaches(&planted, RULES), &["the order has a place for `right`"]);
}

#[test]
fn tests_may_look_up() {
    let planted = house(&[
        (
            "ground.rs",
            "#[cfg(test)]\nmod tests;\n#[cfg(test)]\nmod more { use crate::roof; }",
        ),
        ("ground/tests.rs", "use crate::roof;"),
    ]);
    only(&breaches(&planted, RULES), &[]);
}

#[test]
fn exceptions_only_shrink() {
    let excepted = Crate {
        exceptions: &[("left", "roof")],
        ..RULES
    };
    let planted = house(&[("left/wall.rs", "use crate::roof;")]);
    only(&breaches(&planted, excepted), &[]);
    let excepted = Crate {
        exceptions: &[("left", "roof")],
        ..RULES
    };
    only(
        &breaches(&house(&[]), excepted),
        &["the exception left → roof is not needed any more"],
    );
}

#[test]
fn every_crate_has_an_order() {
    let nobody = Crate {
        name: "other",
        layers: &[],
        exceptions: &[],
    };
    only(
        &breaches(&house(&[]), nobody),
        &["crates/house: its modules have no order"],
    );
}

#[test]
fn what_a_module_above_adds_is_called_from_above_only() {
    let roof = "use crate::ground::Stone; impl Stone { pub fn laid(&self) {} pub fn wall(&self) {} }";
    let planted = house(&[
        (
            "ground.rs",
            "pub struct Stone;\nfn f(stone: &Stone) { assert!(stone.laid()); stone.laid; stone.wall() }",
        ),
        ("right.rs", "pub trait Build { fn wall(&self); }"),
        ("roof.rs", roof),
    ]);
    only(
        &breaches(&planted, RULES),
        &[
            "crates/house/src/ground.rs:2: `ground` calls `Stone::laid`, which `roof` adds, and which stands above it",
        ],
    );
}
