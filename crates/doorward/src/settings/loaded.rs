//! [`Loaded`]: settings with the places that they came from.

use std::fmt;
use std::path::{Path, PathBuf};

use doorward_core::settings::tree::{LoadError, LoadErrors, Node, Origin};
use doorward_core::settings::{Settings, SettingsError, SettingsErrors};

/// Settings, and where they came from.
#[derive(Clone)]
pub struct Loaded {
    pub(super) settings: Settings,
    pub(super) file: Option<PathBuf>,
    pub(super) root: Node,
    pub(super) wrong: Vec<LoadError>,
}

impl Loaded {
    /// The settings as they were read; where a value does not fit, the default.
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
    /// Every value that does not fit, and what [`Settings::validate`] says of the others, with its place; key files that
    /// cannot be read.
    pub fn checked(mut self) -> Result<Settings, LoadErrors> {
        let read = crate::key_files::read(&mut self.settings);
        let lists = crate::password_lists::read(&mut self.settings);
        let possible = self.settings.validate();
        let mut errors = self.wrong.clone();
        for found in [read, lists, possible].into_iter().filter_map(Result::err) {
            self.add(&found, &mut errors);
        }
        LoadErrors::none_in(errors)?;
        Ok(self.settings)
    }

    /// Whether every value is of the kind that its key wants, and every name stands for something; [`Loaded::checked`] looks at
    /// that too.
    ///
    /// # Errors
    /// Every value that is not.
    pub fn fits(&self) -> Result<(), LoadErrors> {
        let mut errors = self.wrong.clone();
        if let Err(found) = self.settings.check_names() {
            self.add(&found, &mut errors);
        }
        LoadErrors::none_in(errors)
    }

    /// Every value that does not fit, and the same errors with the places of their keys.
    #[must_use]
    pub fn locate(&self, found: &SettingsErrors) -> LoadErrors {
        let mut errors = self.wrong.clone();
        self.add(found, &mut errors);
        match LoadErrors::none_in(errors) {
            Err(errors) => errors,
            Ok(()) => self.place(found.first()).into(),
        }
    }

    /// Adds what was found, with its place. A key that was told already has another value now, and is left out.
    fn add(&self, found: &SettingsErrors, errors: &mut Vec<LoadError>) {
        let told = |key: &str| errors.iter().any(|told| told.covers(key));
        let new = found.iter().filter(|error| !told(error.key()));
        let new: Vec<_> = new.map(|error| self.place(error)).collect();
        errors.extend(new);
    }

    fn place(&self, error: &SettingsError) -> LoadError {
        let node = self.root.at(error.key());
        let item = error.item().and_then(|item| node?.item(item));
        let origin = item.or(node).map(|node| node.origin.clone());
        LoadError::new(&origin.unwrap_or(Origin::Unset), error.key(), error.problem())
    }
}

impl fmt::Debug for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loaded")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}
