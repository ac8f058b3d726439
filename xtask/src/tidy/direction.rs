//! Arrows point down only, and each crate leaves alone what is not its own.

use std::path::Path;

use super::sources::Source;

/// Each crate, and those of our crates that it may use.
const FLOORS: [(&str, &[&str]); 11] = [
    ("doorward-macros", &[]),
    ("doorward-django", &[]),
    ("doorward-db", &["doorward-django"]),
    (
        "doorward-core",
        &["doorward-db", "doorward-django", "doorward-macros"],
    ),
    (
        "doorward-auth",
        &["doorward-core", "doorward-db", "doorward-django"],
    ),
    (
        "doorward-sqlx",
        &["doorward-core", "doorward-db", "doorward-django"],
    ),
    ("doorward-redis", &["doorward-core", "doorward-django"]),
    ("doorward-serve", &["doorward-core", "doorward-django"]),
    (
        "doorward",
        &[
            "doorward-serve",
            "doorward-redis",
            "doorward-sqlx",
            "doorward-auth",
            "doorward-core",
            "doorward-django",
        ],
    ),
    (
        "doorward-server",
        &["doorward", "doorward-sqlx", "doorward-core", "doorward-django"],
    ),
    (
        "doorward-testing",
        &[
            "doorward-sqlx",
            "doorward-auth",
            "doorward-core",
            "doorward-django",
        ],
    ),
];

/// Words that a crate's sources must not hold.
const FOREIGN: [(&str, &[&str]); 7] = [
    (
        "crates/doorward-django/src",
        &[
            "async fn",
            "tokio::",
            "std::fs",
            "TcpStream",
            "std::env",
            "SystemTime",
            "axum::",
            "sqlx::",
        ],
    ),
    ("crates/doorward-core/src", &["sqlx::", "std::fs", "std::env"]),
    ("crates/doorward-auth/src", &["sqlx::", "std::fs", "std::env"]),
    ("crates/doorward-db/src", &["axum::", "http::", "hyper::"]),
    (
        "crates/doorward-sqlx/src",
        &["axum::", "http::", "hyper::", "sqlx::"],
    ),
    (
        "crates/doorward-redis/src",
        &["axum::", "http::", "hyper::", "sqlx::"],
    ),
    (
        "crates/doorward-serve/src",
        &["stores", "user::", "accounts::", "Identity", "guard::", "sqlx::"],
    ),
];

pub(crate) fn check(root: &Path, sources: &[Source]) -> Vec<String> {
    let arrows = FLOORS.iter().flat_map(|(name, below)| upward(root, name, below));
    let words = sources.iter().flat_map(foreign);
    arrows.chain(words).collect()
}

fn upward(root: &Path, name: &str, below: &[&str]) -> Vec<String> {
    let path = root.join("crates").join(name).join("Cargo.toml");
    let Some(manifest) = std::fs::read_to_string(&path)
        .ok()
        .and_then(|text| text.parse::<toml::Table>().ok())
    else {
        return vec![format!("crates/{name}/Cargo.toml cannot be read")];
    };
    let used = manifest
        .get("dependencies")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flatten();
    used.map(|(dependency, _)| dependency.as_str())
        .filter(|dependency| dependency.starts_with("doorward") && !below.contains(dependency))
        .map(|dependency| format!("crates/{name} uses {dependency}, which is not below it"))
        .collect()
}

fn foreign(source: &Source) -> Vec<String> {
    let code = source.text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: Vec<&str> = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let words = FOREIGN
        .iter()
        .filter(|(folder, _)| source.path.starts_with(folder))
        .flat_map(|(_, words)| *words);
    words
        .filter(|word| code.iter().any(|line| line.contains(**word)))
        .map(|word| format!("{}: `{word}` does not belong in this crate", source.path))
        .collect()
}
