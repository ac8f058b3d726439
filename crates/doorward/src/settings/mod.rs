//! The settings of [`doorward_core::settings`], and where they come from: one TOML file, then the environment.
//!
//! ```no_run
//! use doorward::settings::Loader;
//!
//! let settings = Loader::new().load()?;
//! # Ok::<(), doorward::settings::LoadError>(())
//! ```
//!
//! The file is the one that [`Loader::config`] names, or `DOORWARD_CONFIG`, or `doorward.toml` where there is one. Any
//! key can be set in the environment as `DOORWARD_SECTION__KEY` (`DOORWARD_JWT__LEEWAY=10s`); a value is read as TOML,
//! and as text where it is none. `DOORWARD_SECRET_KEY`, `DOORWARD_DATABASE_URL` and `DOORWARD_REDIS_URL` are always
//! text. What is unknown or impossible is an error that says where it stands and what is allowed.

mod de;
mod environment;
mod error;
mod file;
mod tree;

use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use doorward_core::settings::*;
pub use environment::Environment;
pub use error::LoadError;

use tree::{Node, Origin};

/// Finds the settings, reads them, and says what is wrong with them.
#[derive(Clone, Debug)]
pub struct Loader {
    config: Option<PathBuf>,
    default_file: PathBuf,
    environment: Environment,
    overrides: Vec<(String, String, String)>,
}

impl Default for Loader {
    fn default() -> Self {
        Self::new()
    }
}

impl Loader {
    /// A loader that looks at the environment of this process, and at `doorward.toml` in the working directory.
    #[must_use]
    pub fn new() -> Self {
        Self {
            config: None,
            default_file: PathBuf::from("doorward.toml"),
            environment: Environment::of_process(),
            overrides: Vec::new(),
        }
    }

    /// Exactly this file, which must be there (`--config`); it wins over `DOORWARD_CONFIG`.
    #[must_use]
    pub fn config(mut self, path: impl Into<PathBuf>) -> Self {
        self.config = Some(path.into());
        self
    }

    /// The file to read where neither [`Loader::config`] nor `DOORWARD_CONFIG` names one; it may be missing.
    #[must_use]
    pub fn default_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.default_file = path.into();
        self
    }

    /// Another environment than that of this process.
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// A text that wins over file and environment, such as `database.url`; `origin` names it in errors: `--database-url`.
    #[must_use]
    pub fn set(mut self, key: &str, text: impl Into<String>, origin: &str) -> Self {
        self.overrides
            .push((key.to_owned(), text.into(), origin.to_owned()));
        self
    }

    /// The settings, checked.
    ///
    /// # Errors
    /// A [`LoadError`] that names the key, the value (never a secret's), what is allowed, and the place.
    pub fn load(self) -> Result<Settings, LoadError> {
        self.read()?.checked()
    }

    /// The settings with where they came from, not checked yet beyond their types.
    ///
    /// # Errors
    /// As [`Loader::load`], but for [`Settings::validate`].
    pub fn read(self) -> Result<Loaded, LoadError> {
        let file = self.file()?;
        let mut root = match &file {
            Some(path) => file::read(path)?,
            None => Node::table(Origin::Unset),
        };
        for (path, node) in self.environment.settings()? {
            root.insert(&path, node.in_one_place())?;
        }
        for (key, text, origin) in &self.overrides {
            let path: Vec<String> = key.split('.').map(str::to_owned).collect();
            root.insert(&path, Node::text(text, Origin::Named(origin.clone())))?;
        }
        let settings = Settings::deserialize(&root).map_err(|error| error.into_load_error())?;
        Ok(Loaded { settings, file, root })
    }

    fn file(&self) -> Result<Option<PathBuf>, LoadError> {
        if let Some(path) = &self.config {
            return Ok(Some(path.clone()));
        }
        if let Some(path) = self.environment.config() {
            return Ok(Some(path));
        }
        Ok(exists(&self.default_file).then(|| self.default_file.clone()))
    }
}

fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Settings, and where they came from.
pub struct Loaded {
    settings: Settings,
    file: Option<PathBuf>,
    root: Node,
}

impl Loaded {
    /// The settings as they were read.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The file that was read.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Whether anybody set that key, such as `database.url`.
    #[must_use]
    pub fn sets(&self, key: &str) -> bool {
        self.root.at(key).is_some()
    }

    /// The settings, if they are possible.
    ///
    /// # Errors
    /// What [`Settings::validate`] says, with its place; key files that cannot be read.
    pub fn checked(mut self) -> Result<Settings, LoadError> {
        let read = crate::keys::read(&mut self.settings);
        match read.and_then(|()| self.settings.validate()) {
            Ok(()) => Ok(self.settings),
            Err(error) => Err(self.locate(&error)),
        }
    }

    /// The same error with the place of its key.
    #[must_use]
    pub fn locate(&self, error: &SettingsError) -> LoadError {
        let origin = self.root.at(error.key()).map(|node| node.origin.clone());
        LoadError::new(&origin.unwrap_or(Origin::Unset), error.key(), error.problem())
    }
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loaded")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}
