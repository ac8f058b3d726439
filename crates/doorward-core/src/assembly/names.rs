//! What the names of the settings stand for: rules of ours, and those of apps.

use std::sync::Arc;

use crate::app::{Maker, Named, ResolvedApps};
use crate::settings::tree::unknown_name;
use crate::settings::{Findings, Name, OneOrMore, Settings, SettingsError};

/// What a name of Doorward's own stands for that no app has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OwnNames {
    /// Its app may be one that was refused, which is told by itself.
    MayBeRefused,
    /// Its app is not in the list.
    Missing,
}

impl OwnNames {
    pub(super) fn of(settings: &Settings, apps: &ResolvedApps) -> Self {
        match apps.have_all_of(Maker::Doorward, &settings.all_apps()) {
            true => Self::Missing,
            false => Self::MayBeRefused,
        }
    }
}

/// One kind of rule: the key that names them, and where they are found.
pub(super) struct Known<'i, T: ?Sized> {
    pub(super) key: &'static str,
    pub(super) installed: &'i [Named<T>],
    pub(super) own: OwnNames,
}

impl<T: ?Sized> Known<'_, T> {
    /// Tells of two rules of one name: the settings could name one of them only.
    pub(super) fn check_apart(&self, found: &mut Findings) {
        for (place, (name, _)) in self.installed.iter().enumerate() {
            let mut before = self.installed.iter().take(place);
            found.require(before.all(|(other, _)| other != name), self.key, || {
                format!("an app brings `{name}`, and that name is taken; give its rule another one")
            });
        }
    }

    /// The rules of a list of names, in its order. Names that nobody has are told.
    pub(super) fn all<N: Name>(&self, names: &[N], found: &mut Findings) -> Vec<Arc<T>> {
        let rules = names.iter().enumerate();
        let rules = rules.filter_map(|(item, name)| {
            let rule = self.find(name);
            found.note(rule.map_err(|error| error.of_item(item)))?
        });
        rules.collect()
    }

    /// As [`Known::all`], where one name may stand alone: it is told without its place then.
    pub(super) fn all_or_one<N: Name>(&self, names: &OneOrMore<N>, found: &mut Findings) -> Vec<Arc<T>> {
        match names.as_slice() {
            [one] => found.note(self.find(one)).flatten().into_iter().collect(),
            several => self.all(several, found),
        }
    }

    /// The rule of that name; `None` for one of ours whose app was refused, which is told by itself.
    ///
    /// # Errors
    /// That nobody has it, and which names there are.
    pub(super) fn find<N: Name>(&self, name: &N) -> Result<Option<Arc<T>>, SettingsError> {
        let text = name.as_str();
        match self.installed.iter().find(|(known, _)| *known == text) {
            Some((_, rule)) => Ok(Some(Arc::clone(rule))),
            None if N::OWN.contains(&text) => match self.own {
                OwnNames::MayBeRefused => Ok(None),
                OwnNames::Missing => Err(self.missing(text)),
            },
            None => Err(self.unknown::<N>(text)),
        }
    }

    fn missing(&self, name: &str) -> SettingsError {
        let problem = format!(
            "`{name}` is brought by an app that is not here; add the apps of `doorward_auth::apps()` where those of the \
             site are named (`Settings::with_apps`)"
        );
        SettingsError::new(self.key, problem)
    }

    fn unknown<N: Name>(&self, text: &str) -> SettingsError {
        let names = self.installed.iter().map(|(name, _)| *name);
        let others = names.filter(|name| !N::OWN.contains(name));
        let names: Vec<_> = N::OWN.iter().copied().chain(others).collect();
        SettingsError::new(self.key, unknown_name(text, &names))
    }
}
