//! [`Sections`]: the sections of apps, each by its type.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use super::{Section, Settings};

/// Sections by their types.
#[derive(Default)]
pub(crate) struct Sections(BTreeMap<TypeId, Box<dyn Kept>>);

impl Sections {
    fn get<T: Section>(&self) -> Option<&T> {
        let kept: &dyn Any = &**self.0.get(&TypeId::of::<T>())?;
        kept.downcast_ref()
    }

    fn get_mut<T: Section>(&mut self) -> &mut T {
        let kept = self.0.entry(TypeId::of::<T>());
        let kept: &mut dyn Any = &mut **kept.or_insert_with(|| Box::new(T::default()));
        kept.downcast_mut().expect("a section is kept by its type")
    }
}

/// A section, whatever its type.
trait Kept: Any + fmt::Debug + Send + Sync {
    fn boxed_clone(&self) -> Box<dyn Kept>;
}

impl<T: Section> Kept for T {
    fn boxed_clone(&self) -> Box<dyn Kept> {
        Box::new(self.clone())
    }
}

impl Clone for Sections {
    fn clone(&self) -> Self {
        let sections = self.0.iter();
        Self(sections.map(|(kind, kept)| (*kind, kept.boxed_clone())).collect())
    }
}

impl fmt::Debug for Sections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.values()).finish()
    }
}

impl Settings {
    /// The section of that type; its defaults where nobody set it.
    #[must_use]
    pub fn section<T: Section>(&self) -> Cow<'_, T> {
        self.sections
            .get()
            .map_or_else(|| Cow::Owned(T::default()), Cow::Borrowed)
    }

    /// The section of that type, to be changed.
    pub fn section_mut<T: Section>(&mut self) -> &mut T {
        self.sections.get_mut()
    }

    /// The same settings with that section.
    #[must_use]
    pub fn with_section<T: Section>(mut self, section: T) -> Self {
        *self.section_mut() = section;
        self
    }
}
