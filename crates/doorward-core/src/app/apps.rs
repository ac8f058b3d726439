//! [`Apps`]: which apps a site has (`INSTALLED_APPS`).

use std::any::TypeId;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use doorward_db::migrations;

use super::{App, AppState, Check, Installed, Site};
#[cfg(feature = "commands")]
use crate::command::Command;
use crate::entropy::Entropy;
use crate::settings::{Findings, Section, SectionKind, Settings, SettingsError, SettingsErrors};
use crate::slots::Slots;

/// The apps of a site, in their order: each may ask for those before it.
#[derive(Clone, Default)]
pub struct Apps(Vec<Entry>);

/// An app whose type is not told.
#[derive(Clone, Copy)]
struct Entry {
    id: TypeId,
    maker: Maker,
    section: SectionKind,
    tables: fn() -> migrations::App,
    #[cfg(feature = "commands")]
    commands: fn() -> Vec<Command>,
    checks: fn() -> Vec<Check>,
    login_endpoints: fn() -> &'static [(&'static str, &'static str)],
    prepare_stateless: fn(&mut Settings, &dyn Entropy) -> Result<(), SettingsError>,
    resolve: fn(&mut ResolvedApps, &Settings, &mut Findings),
}

/// Whose an app is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    /// Doorward's: settings know the names that it brings.
    Doorward,
    /// The site's.
    Site,
}

impl Entry {
    fn of<A: App>(maker: Maker) -> Self {
        Self {
            id: TypeId::of::<A>(),
            maker,
            section: SectionKind::of::<A::Settings>(),
            tables: tables::<A>,
            #[cfg(feature = "commands")]
            commands: A::commands,
            checks: A::checks,
            login_endpoints: A::login_endpoints,
            prepare_stateless: A::prepare_stateless,
            resolve: resolve::<A>,
        }
    }
}

impl Apps {
    /// No app.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With one more app, after those before it; once, however often it is named.
    #[must_use]
    pub fn app<A: App>(self) -> Self {
        self.and_one(Entry::of::<A>(Maker::Site))
    }

    /// As [`Apps::app`], for an app of Doorward's own: the names of its rules (`basic`, `ModelBackend`) are known to the
    /// settings, which tell where the app is missing.
    #[must_use]
    pub fn own<A: App>(self) -> Self {
        self.and_one(Entry::of::<A>(Maker::Doorward))
    }

    /// These apps, then those others that are not among them.
    #[must_use]
    pub fn and(self, others: &Self) -> Self {
        others.0.iter().copied().fold(self, Self::and_one)
    }

    /// These apps, with those others after the one of that label; at the end where there is none.
    #[must_use]
    pub fn and_after(mut self, label: &str, others: &Self) -> Self {
        let place = self.0.iter().position(|entry| entry.section.label() == label);
        let later = self.0.split_off(place.map_or(self.0.len(), |place| place + 1));
        self.and(others).and(&Self(later))
    }

    /// These apps as far as they are not among those, then those.
    pub(crate) fn before(mut self, others: &Self) -> Self {
        self.0.retain(|entry| !others.has(entry.id));
        self.and(others)
    }

    fn and_one(mut self, entry: Entry) -> Self {
        if !self.has(entry.id) {
            self.0.push(entry);
        }
        self
    }

    fn has(&self, id: TypeId) -> bool {
        self.0.iter().any(|known| known.id == id)
    }

    /// The sections of the settings that they have. One [without any key](SectionKind::has_keys) is none that could be set.
    pub fn sections(&self) -> impl Iterator<Item = SectionKind> {
        self.0.iter().map(|entry| entry.section)
    }

    /// Their migrations and models, for a migrator. Apps without any are left out.
    #[must_use]
    pub fn tables(&self) -> Vec<migrations::App> {
        let tables = self.0.iter().map(|entry| (entry.tables)());
        tables.filter(|app| !app.is_empty()).collect()
    }

    /// Those of their endpoints that a name and a password are sent to, by name and usual path.
    pub fn login_endpoints(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let endpoints = self.0.iter().flat_map(|entry| (entry.login_endpoints)());
        endpoints.copied()
    }

    /// Their commands, in their order.
    #[cfg(feature = "commands")]
    #[must_use]
    pub fn commands(&self) -> Vec<Command> {
        self.0.iter().flat_map(|entry| (entry.commands)()).collect()
    }

    /// Lets settings stand on their own, for a door without users and stores.
    pub(crate) fn prepare_stateless(
        &self,
        settings: &mut Settings,
        entropy: &dyn Entropy,
    ) -> Result<(), SettingsError> {
        let mut entries = self.0.iter();
        entries.try_for_each(|entry| (entry.prepare_stateless)(settings, entropy))
    }

    /// Their checks of settings, in their order.
    pub(crate) fn checks(&self) -> impl Iterator<Item = Check> {
        self.0.iter().flat_map(|entry| (entry.checks)())
    }

    /// What they make of their sections, and what they add; all that is wrong is told.
    pub(crate) fn resolve(&self, settings: &Settings, resolved: &mut ResolvedApps, found: &mut Findings) {
        self.require_readers(settings, found);
        for (place, entry) in self.0.iter().enumerate() {
            let label = entry.section.label();
            let mut before = self.0.iter().take(place);
            let is_new = before.all(|other| other.section.label() != label);
            found.require(is_new, label, || {
                "two apps have this label; rename one of them".to_owned()
            });
            (entry.resolve)(resolved, settings, found);
        }
    }

    /// Tells of sections that nobody reads.
    fn require_readers(&self, settings: &Settings, found: &mut Findings) {
        for (id, label, app) in settings.sections_of_apps() {
            let is_read = self.0.iter().any(|entry| entry.section.is_of(id));
            found.require(is_read, label, || {
                format!("only the app `{app}` reads this; add it where the apps of the site are named")
            });
        }
    }
}

impl Settings {
    /// The same settings, for a site with those apps (`INSTALLED_APPS`): they are asked what is wrong with their sections,
    /// and a door that is made of these settings has them.
    #[must_use]
    pub fn with_apps(self, apps: &Apps) -> Self {
        self.attach(apps.clone())
    }

    /// The apps of the site that these settings are for.
    #[must_use]
    pub fn apps(&self) -> Apps {
        self.attached::<Apps>().cloned().unwrap_or_default()
    }
}

impl fmt::Debug for Apps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = self.0.iter().map(|entry| entry.section.label());
        f.debug_list().entries(labels).finish()
    }
}

/// What became of the apps of a site.
#[derive(Default)]
pub(crate) struct ResolvedApps {
    /// The state of each.
    pub(crate) states: Slots,
    /// All that they added.
    pub(crate) installed: Installed,
    refused: HashMap<TypeId, SettingsErrors>,
}

impl ResolvedApps {
    /// Whether none of those was refused: else a name that nobody knows may be one that it would have brought.
    pub(crate) fn have_all(&self, apps: &Apps) -> bool {
        apps.0.iter().all(|entry| !self.refused.contains_key(&entry.id))
    }

    /// The same of those of that maker.
    pub(crate) fn have_all_of(&self, maker: Maker, apps: &Apps) -> bool {
        let mut apps = apps.0.iter().filter(|entry| entry.maker == maker);
        apps.all(|entry| !self.refused.contains_key(&entry.id))
    }
}

fn tables<A: App>() -> migrations::App {
    let app = migrations::App::new(A::Settings::LABEL);
    let app = A::migrations().into_iter().fold(app, migrations::App::migration);
    A::models().into_iter().fold(app, migrations::App::model)
}

fn resolve<A: App>(to: &mut ResolvedApps, settings: &Settings, found: &mut Findings) {
    to.installed.checks.extend(A::checks());
    let site = Site {
        settings,
        states: &to.states,
        refused: &to.refused,
        asking: A::Settings::LABEL,
    };
    match A::resolve(settings.section::<A::Settings>().into_owned(), &site) {
        Ok(state) => {
            let state = Arc::new(state);
            A::install(&state, &mut to.installed);
            to.states = std::mem::take(&mut to.states).with(AppState::<A>(state));
        }
        Err(errors) => {
            found.add_new(&errors);
            to.refused.insert(TypeId::of::<A>(), errors);
        }
    }
}
