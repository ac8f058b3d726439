//! [`Sections`]: the sections of apps, each by its type.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use super::{Section, Settings};
use crate::slots::Slots;

/// Sections by their types, and what modules above keep with the settings.
#[derive(Clone, Default)]
pub(crate) struct Sections {
    kept: BTreeMap<TypeId, Box<dyn Kept>>,
    attached: Slots,
}

impl Sections {
    pub(super) fn get<T: Section>(&self) -> Option<&T> {
        let kept: &dyn Any = &**self.kept.get(&TypeId::of::<T>())?;
        kept.downcast_ref()
    }

    pub(super) fn get_mut<T: Section>(&mut self) -> &mut T {
        let kept = self.kept.entry(TypeId::of::<T>());
        let kept: &mut dyn Any = &mut **kept.or_insert_with(|| Box::new(T::default()));
        kept.downcast_mut().expect("a section is kept by its type")
    }
}

/// A section, whatever its type.
trait Kept: Any + fmt::Debug + Send + Sync {
    fn label(&self) -> &'static str;
    fn app(&self) -> Option<&'static str>;
    fn is_default(&self) -> bool;
    fn boxed_clone(&self) -> Box<dyn Kept>;
}

impl<T: Section> Kept for T {
    fn label(&self) -> &'static str {
        T::LABEL
    }

    fn app(&self) -> Option<&'static str> {
        T::APP
    }

    fn is_default(&self) -> bool {
        let text = |section: &T| serde_json::to_string(section).ok();
        text(self) == text(&T::default())
    }

    fn boxed_clone(&self) -> Box<dyn Kept> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Kept> {
    fn clone(&self) -> Self {
        (**self).boxed_clone()
    }
}

/// In the order of their names: that of types differs from build to build.
impl fmt::Debug for Sections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.kept.values();
        let sections: BTreeMap<_, _> = kept.map(|kept| (kept.label(), kept)).collect();
        fmt::Debug::fmt(&sections, f)
    }
}

impl Settings {
    /// The section of that type; its defaults where nobody set it.
    #[must_use]
    pub fn section<T: Section>(&self) -> Cow<'_, T> {
        T::of(self)
    }

    /// The section of that type, to be changed.
    pub fn section_mut<T: Section>(&mut self) -> &mut T {
        T::of_mut(self)
    }

    /// The sections that say more than their defaults and that only an app reads: their types, their names, and the apps.
    pub(crate) fn sections_of_apps(&self) -> impl Iterator<Item = (TypeId, &'static str, &'static str)> {
        let kept = self.sections.kept.iter();
        let kept = kept.filter(|(_, kept)| !kept.is_default());
        kept.filter_map(|(id, kept)| Some((*id, kept.label(), kept.app()?)))
    }

    /// What a module above keeps with the settings.
    pub(crate) fn attached<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.sections.attached.get()
    }

    /// The same settings, with a value that a module above keeps with them.
    pub(crate) fn attach<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        let attached = std::mem::take(&mut self.sections.attached);
        self.sections.attached = attached.with(value);
        self
    }

    /// The same settings with that section.
    #[must_use]
    pub fn with_section<T: Section>(mut self, section: T) -> Self {
        *self.section_mut() = section;
        self
    }
}
