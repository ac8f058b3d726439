//! The settings of [`doorward_core::settings`], and where they come from: one TOML file, then the environment.
//!
//! ```no_run
//! use doorward::settings::Loader;
//!
//! let settings = Loader::new().load()?;
//! # Ok::<(), doorward::settings::LoadErrors>(())
//! ```
//!
//! The file is the one that [`Loader::config`] names, or `DOORWARD_CONFIG`, or `doorward.toml` where there is one. Any
//! key can be set in the environment as `DOORWARD_SECTION__KEY` (`DOORWARD_JWT__LEEWAY=10s`); a value is read as TOML,
//! and as text where it is none. `DOORWARD_SECRET_KEY`, `DOORWARD_DATABASE_URL` and `DOORWARD_REDIS_URL` are always
//! text. All that is unknown or impossible is told at once, a line each: where it stands, and what is allowed. No value is
//! repeated where another kind of value is expected: it may be a secret.

mod environment;
mod file;
mod loaded;
mod own;

use std::fmt;
use std::path::{Path, PathBuf};

pub use doorward_auth::settings::*;
use doorward_core::app::Apps;
pub use doorward_core::settings::*;
pub use environment::Environment;
pub use loaded::Loaded;

use crate::apps::{and_own, own_apps};
pub use tree::{LoadError, LoadErrors};
use tree::{Node, Origin, Removal};

/// How many wrong values of the settings are told at most: whoever has more of them gave another file.
const MOST: usize = 100;

/// Finds the settings, reads them, and says what is wrong with them.
#[derive(Clone)]
pub struct Loader {
    config: Option<PathBuf>,
    default_file: PathBuf,
    environment: Environment,
    overrides: Vec<(String, String, String)>,
    defaults: Vec<(String, String)>,
    kinds: Vec<SectionKind>,
    apps: Apps,
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
            defaults: Vec::new(),
            kinds: own_apps()
                .sections()
                .chain(SectionKind::of_ready_server())
                .chain(own::SECTIONS)
                .collect(),
            apps: Apps::new(),
        }
        .apps(&Apps::new())
    }

    /// It knows the sections of those apps.
    fn knowing(mut self, apps: &Apps) -> Self {
        apps.sections().for_each(|kind| self.put(kind));
        self
    }

    /// One more section, at its place, instead of one of its name: at that one's place, where it names none itself.
    fn put(&mut self, kind: SectionKind) {
        let mut known = self.kinds.iter_mut();
        let known = known.find(|known| known.label() == kind.label());
        if let (Some(known), None) = (known, kind.after()) {
            *known = kind;
            return;
        }
        self.kinds.retain(|known| known.label() != kind.label());
        let before = |known: &SectionKind| Some(known.label()) == kind.after();
        let place = self.kinds.iter().position(before);
        let place = place.map_or(self.kinds.len(), |place| place + 1);
        self.kinds.insert(place, kind);
    }

    /// For a site with those apps: their sections may be set, and the settings are [for these apps](Settings::with_apps).
    #[must_use]
    pub fn apps(mut self, apps: &Apps) -> Self {
        self.apps = and_own(apps);
        let apps = self.apps.clone();
        self.knowing(&apps)
    }

    /// With a section of that type, which [`Settings::section`] gives; of two sections of one name the later is read.
    #[must_use]
    pub fn section<T: Section>(mut self) -> Self {
        self.put(SectionKind::of::<T>());
        self
    }

    /// What may be set: the tables of the keys and sections that this loader knows.
    #[must_use]
    pub fn reference(&self) -> Vec<reference::Table> {
        let settable = self.kinds.iter().filter(|kind| kind.has_keys());
        reference::tables(&settable.copied().collect::<Vec<_>>())
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

    /// A value that counts where neither file nor environment sets that key: a program's own default, such as `60/min` for
    /// `throttle.rates.burst`. It is read as one of the environment is: as TOML, and as text where it is none.
    #[must_use]
    pub fn default_value(mut self, key: &str, text: impl Into<String>) -> Self {
        self.defaults.push((key.to_owned(), text.into()));
        self
    }

    /// The settings, checked.
    ///
    /// # Errors
    /// A [`LoadError`] for each thing that is wrong: the place, the key, and what is allowed; never a secret.
    pub fn load(self) -> Result<Settings, LoadErrors> {
        self.read()?.checked()
    }

    /// The settings with where they came from, not checked yet: what is wrong with them is told by [`Loaded::checked`].
    ///
    /// # Errors
    /// A file that cannot be read, or is none of settings.
    pub fn read(self) -> Result<Loaded, LoadErrors> {
        let file = self.file();
        let mut root = match &file {
            Some(path) => file::read(path)?,
            None => Node::table(Origin::Unset),
        };
        let mut wrong: Vec<LoadError> = self.kinds.iter().filter_map(taken).collect();
        for setting in self.environment.settings() {
            let put = setting.and_then(|(path, node)| root.insert(&path, node.in_one_place()));
            wrong.extend(put.err());
        }
        for (key, text, origin) in &self.overrides {
            let path: Vec<String> = key.split('.').map(str::to_owned).collect();
            let put = root.insert(&path, Node::text(text, Origin::Named(origin.clone())));
            wrong.extend(put.err());
        }
        wrong.extend(self.put_defaults(&mut root));
        let settings = fitting(root.clone(), &self.kinds, &mut wrong)?;
        Ok(Loaded {
            settings: settings.with_apps(&self.apps),
            file,
            root,
            wrong,
        })
    }

    /// Puts in the program's own defaults where nothing is set; tells which keys cannot be.
    fn put_defaults(&self, root: &mut Node) -> Vec<LoadError> {
        let mut wrong = Vec::new();
        for (key, text) in &self.defaults {
            let path: Vec<String> = key.split('.').map(str::to_owned).collect();
            let node = Node {
                value: environment::value(text),
                origin: Origin::Named("the program's default".to_owned()),
            };
            if root.at(key).is_none() {
                wrong.extend(root.insert(&path, node.in_one_place()).err());
            }
        }
        wrong
    }

    fn file(&self) -> Option<PathBuf> {
        if let Some(path) = &self.config {
            return Some(path.clone());
        }
        let named = self.environment.config();
        named.or_else(|| exists(&self.default_file).then(|| self.default_file.clone()))
    }
}

/// Shows no value: an override may be the address of a database, with its password.
impl fmt::Debug for Loader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let overrides: Vec<_> = self.overrides.iter().map(|(key, ..)| key).collect();
        f.debug_struct("Loader")
            .field("config", &self.config)
            .field("default_file", &self.default_file)
            .field("environment", &self.environment)
            .field("overrides", &overrides)
            .field("sections", &self.kinds)
            .finish()
    }
}

/// The settings without the values that do not fit, which are told. Each is taken out in its turn, so that the next one
/// comes to light.
fn fitting(
    mut root: Node,
    kinds: &[SectionKind],
    wrong: &mut Vec<LoadError>,
) -> Result<Settings, LoadErrors> {
    loop {
        let error = match Settings::read(&root, kinds) {
            Ok(settings) => return Ok(settings),
            Err(error) => error,
        };
        let removal = root.remove(error.path());
        wrong.push(error.into_load_error());
        if removal == Removal::Nothing || wrong.len() >= MOST {
            LoadErrors::none_in(wrong.drain(..))?;
        }
    }
}

/// Why an app cannot have that section, where it is one of Doorward's own: what the file says there would count for nothing.
fn taken(section: &SectionKind) -> Option<LoadError> {
    let of_apps = own_apps();
    let mut own = own::SECTIONS.into_iter().chain(of_apps.sections());
    let is_taken = own.any(|own| own.clashes_with(section));
    let problem =
        "an app has this label, and Doorward has a section of that name itself; give the app another one";
    is_taken.then(|| LoadError::new(&Origin::Unset, section.label(), problem))
}

fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
