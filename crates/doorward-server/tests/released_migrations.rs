//! Doorward's own migrations only grow: what was released is as it was, and what is new only adds. So the processes of two
//! releases serve one database, whichever of them migrated it.
//!
//! `released_migrations.txt` holds the hash of every statement that was released. `DOORWARD_BLESS=1 cargo test -p
//! doorward-server --all-features --test released_migrations` adds those that are new; a release does that and nothing else
//! ([RELEASING.md](../../../RELEASING.md)).

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use doorward::Doorward;
use doorward::database::Dialect;
use doorward::django::secret::Secret;
use doorward::migrations::Migrator;
use doorward::settings::Settings;
use sha2::{Digest, Sha256};

const KINDS: [Dialect; 3] = [Dialect::Sqlite, Dialect::Postgres, Dialect::MariaDb];

/// What a statement may begin with that adds.
const ADDING: [&str; 4] = [
    "CREATE TABLE ",
    "CREATE INDEX ",
    "CREATE UNIQUE INDEX ",
    "ALTER TABLE ",
];

/// A statement, as the list has it: kind, migration, hash.
fn line(kind: Dialect, name: &str, statement: &str) -> String {
    let hash: String = Sha256::digest(statement)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{} {name} {hash}", kind.name())
}

fn lines(migrator: &Migrator, kind: Dialect) -> Vec<String> {
    let statements = migrator.own_statements(kind);
    statements
        .iter()
        .map(|(name, statement)| line(kind, name, statement))
        .collect()
}

fn list() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/released_migrations.txt")
}

async fn migrator() -> Migrator {
    let mut settings = Settings::default();
    settings.secret_key = Secret::new("a-key-for-tests-that-is-long-enough-0123456789".to_owned());
    settings.database.url = Secret::new("sqlite::memory:".to_owned());
    Doorward::from_settings(settings).await.unwrap().migrator()
}

#[tokio::test]
async fn what_was_released_is_never_changed() {
    let migrator = migrator().await;
    let now: Vec<String> = KINDS.iter().flat_map(|kind| lines(&migrator, *kind)).collect();
    if is_to_be_written() {
        fs::write(list(), now.join("\n") + "\n").unwrap();
    }
    let released = fs::read_to_string(list()).unwrap();
    for kind in KINDS {
        let of_kind = |line: &&str| line.starts_with(&format!("{} ", kind.name()));
        let released: Vec<_> = released.lines().filter(of_kind).collect();
        assert!(!released.is_empty(), "{} was released", kind.name());
        let known: BTreeSet<_> = released.iter().map(|line| migration(line)).collect();
        let now = lines(&migrator, kind);
        let still: Vec<_> = now
            .iter()
            .map(String::as_str)
            .filter(|line| known.contains(migration(line)))
            .collect();
        assert_eq!(
            still, released,
            "a migration that was released was changed: make a new one"
        );
        let new = now
            .iter()
            .map(|line| migration(line))
            .find(|name| !known.contains(name));
        let last = known.last().copied().unwrap_or_default();
        assert!(
            new.is_none_or(|new| new > last),
            "{new:?} comes before {last}, which was released"
        );
    }
}

fn migration(line: &str) -> &str {
    line.split(' ').nth(1).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "how a test is told something")]
fn is_to_be_written() -> bool {
    std::env::var_os("DOORWARD_BLESS").is_some()
}

#[tokio::test]
async fn each_statement_only_adds_to_tables_of_ours() {
    let migrator = migrator().await;
    for kind in KINDS {
        for (name, statement) in migrator.own_statements(kind) {
            let begins = ADDING.iter().any(|adding| statement.starts_with(adding));
            let alters = !statement.starts_with("ALTER TABLE ") || statement.contains(" ADD COLUMN ");
            let is_ours = statement.contains("doorward_");
            assert!(begins && alters && is_ours, "{} {name}: {statement}", kind.name());
        }
    }
}
