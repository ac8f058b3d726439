//! Settings of any kind: what is wrong is told at once and shows no secret; what starts works.
#![cfg(all(feature = "config", feature = "sqlite", feature = "asymmetric"))]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod at_once;
mod bounds;
mod keys;
mod secrets;
mod spellings;
mod what_starts;

use doorward::settings::{Environment, LoadErrors, Loader, Settings};

const KEY: &str = "a-key-for-tests-that-is-long-enough-0123456789";

/// A file, and variables: what a loader reads.
struct Case {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

impl Case {
    /// A file with that text.
    fn file(text: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("doorward.toml"), text).expect("the settings are written");
        Self {
            folder,
            variables: Vec::new(),
        }
    }

    /// A file with a secret key, and that text.
    fn with_key(text: &str) -> Self {
        Self::file(&format!("secret_key = \"{KEY}\"\n{text}"))
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    fn loader(&self) -> Loader {
        Loader::new()
            .default_file(self.folder.path().join("doorward.toml"))
            .environment(Environment::new(self.variables.clone()))
    }

    fn load(&self) -> Result<Settings, LoadErrors> {
        self.loader().load()
    }

    /// What people read, a line each, without the folder's name.
    #[track_caller]
    fn errors(&self) -> Vec<String> {
        let errors = self.load().expect_err("these settings are wrong").to_string();
        let folder = format!("{}/", self.folder.path().display());
        errors.replace(&folder, "").lines().map(str::to_owned).collect()
    }
}
