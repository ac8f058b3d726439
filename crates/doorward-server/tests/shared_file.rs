//! One `doorward.toml` for the ready server and for a program that uses the library.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write;

use doorward::settings::{Environment, Loader, Settings};

/// A file of those lines beneath a good key, as a program without apps of its own reads it.
fn read(lines: &str, loader: Loader) -> Result<Settings, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("doorward.toml");
    let key = "secret_key = \"a-key-for-tests-that-is-long-enough-0123456789\"";
    std::fs::write(&file, format!("{key}\n{lines}")).unwrap();
    let loader = loader.config(file).environment(Environment::default());
    loader.load().map_err(|errors| errors.to_string())
}

/// The library reads over whatever section the ready server has; that one judges it.
#[test]
fn sections_of_the_ready_server_are_read_by_it_alone() {
    let apps = doorward_server::app::apps();
    let sections = apps.sections().filter(|section| section.has_keys());
    let mut lines = String::new();
    sections.for_each(|section| writeln!(lines, "[{}]\nnonsense = 1", section.label()).unwrap());
    read(&lines, Loader::new()).unwrap();
    let told = read(&lines, Loader::new().apps(&apps)).unwrap_err();
    assert!(told.contains("metrics.nonsense: unknown key"), "{told}");
}

/// So with the names of its endpoints: both know the same ones.
#[test]
fn endpoints_of_the_ready_server_are_known_to_both() {
    let known = |loader| {
        let told = read("[urls]\nnonsense = \"/x/\"", loader).unwrap_err();
        let (_, names) = told.split_once("these are: ").unwrap();
        let mut names: Vec<_> = names.trim().split(", ").map(str::to_owned).collect();
        names.sort();
        names
    };
    let with_apps = Loader::new().apps(&doorward_server::app::apps());
    assert_eq!(known(with_apps), known(Loader::new()));
}
