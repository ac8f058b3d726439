//! Each name is asked of what knows it: the program, the reference of the settings, the routes.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use super::pages::{self, Named, Page};
use doorward::settings::{Environment, Loader};

/// What a page says that is not so: where, and what.
fn told(page: &Page, what: &str, problem: &str) -> String {
    format!("{}:{}: `{what}`: {problem}", page.name, page.line)
}

/// Whatever the pages name that way, and what is wrong with it.
fn wrong(named: Named, problem: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let pages = pages::all();
    let said: Vec<_> = pages.iter().flat_map(|page| page.named(named)).collect();
    assert!(said.len() > 20, "the pages name {} of {named:?}", said.len());
    let wrong = said.iter().filter_map(|(page, what)| {
        let problem = problem(what)?;
        Some(told(page, what, &problem))
    });
    wrong.collect()
}

#[test]
fn a_command_that_a_page_names_exists_with_its_options() {
    let helps = Helps::default();
    let wrong = wrong(Named::Command, |line| helps.problem(line));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_key_that_a_page_names_exists() {
    let keys = keys();
    let sections: BTreeSet<_> = keys
        .iter()
        .filter_map(|key| key.split_once('.'))
        .map(|(section, _)| section)
        .collect();
    let wrong = wrong(Named::Key, |key| {
        let (section, _) = key.split_once('.')?;
        let is_known = keys
            .iter()
            .any(|known| known == key || known.starts_with(&format!("{key}.")));
        (sections.contains(section) && !is_known && !pages::is_no_key(key)).then(|| "no such key".to_owned())
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_path_that_a_page_names_is_served() {
    let routes = routes();
    let wrong = wrong(Named::Path, |path| {
        let is_served = routes.contains(path) || routes.contains(&format!("{path}/"));
        (!is_served).then(|| "no such path".to_owned())
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every key, as `section.key`.
fn keys() -> BTreeSet<String> {
    let loader = Loader::new().apps(&doorward_server::app::apps());
    let tables = loader.environment(Environment::default()).reference();
    let mut keys = BTreeSet::new();
    for table in &tables {
        let section = table.name.trim_matches(['[', ']']);
        keys.extend(table.rows.iter().map(|row| format!("{section}.{}", row.key)));
    }
    keys
}

/// The paths of a site that has everything switched on.
fn routes() -> BTreeSet<String> {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("doorward.toml");
    std::fs::write(&settings, EVERYTHING).unwrap();
    let told = doorward(&["routes", "--json", "--config", settings.to_str().unwrap()]);
    let routes: Vec<serde_json::Value> = serde_json::from_str(&told).expect(&told);
    let paths = routes.iter().filter_map(|route| route.get("path")?.as_str());
    paths.map(str::to_owned).collect()
}

const EVERYTHING: &str = include_str!("everything.toml");

fn doorward(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_doorward"))
        .args(arguments)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What `--help` says of each command, asked once.
#[derive(Default)]
struct Helps(std::cell::RefCell<BTreeMap<String, String>>);

impl Helps {
    fn of(&self, command: &str) -> String {
        let ask = || {
            let words = command.split(' ').filter(|word| !word.is_empty());
            doorward(&words.chain(["--help"]).collect::<Vec<_>>())
        };
        self.0
            .borrow_mut()
            .entry(command.to_owned())
            .or_insert_with(ask)
            .clone()
    }

    fn lists(&self, command: &str, word: &str) -> bool {
        let help = self.of(command);
        let commands = help.split_once("Commands:\n").map_or("", |(_, listed)| listed);
        let mut listed = commands.lines().take_while(|line| !line.is_empty());
        listed.any(|line| {
            line.split_whitespace().next() == Some(word) || line.contains(&format!("alias: {word}]"))
        })
    }

    /// What is wrong with such a line, such as `doorward keys add --json`.
    fn problem(&self, line: &str) -> Option<String> {
        let mut words = line
            .split_whitespace()
            .skip(1)
            .map(|word| word.trim_matches(['[', ']']))
            .peekable();
        let mut command = String::new();
        let mut options = Vec::new();
        while let Some(word) = words.next() {
            match word.strip_prefix("--") {
                Some(option) => {
                    options.push(option.split('=').next().unwrap_or(option).to_owned());
                    // The options of the program itself take a value.
                    let takes_value = command.is_empty();
                    words.next_if(|next| takes_value && !next.starts_with('-'));
                }
                None if self.lists(command.trim(), word) => command = format!("{command} {word}"),
                None if command.is_empty() => return Some("no such command".to_owned()),
                None => {}
            }
        }
        let help = self.of(command.trim());
        let missing = options
            .iter()
            .find(|option| !help.contains(&format!("--{option}")));
        missing.map(|option| format!("`{}` has no --{option}", command.trim()))
    }
}
