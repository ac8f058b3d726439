//! [`Section`]: a section of the settings file as a struct, and [`SectionKind`]: what a loader knows of one.

use std::any::TypeId;
use std::borrow::Cow;
use std::fmt;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::tree::{Node, ValueError};
use super::{Settings, reference};

/// A section of `doorward.toml`, as a struct: its keys are the fields, its defaults are those of [`Default`].
///
/// What the guide's page of settings says of it comes from the type too: doc comments, what may be written, and the
/// defaults. What is in a [`Secret`](doorward_django::secret::Secret) is never told. Keys that the struct does not know
/// are refused.
///
/// ```
/// use doorward_core::settings::{Section, Settings};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// /// `[shop]`: what is sold.
/// #[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
/// #[serde(default, deny_unknown_fields)]
/// struct ShopSettings {
///     /// The currency of the prices.
///     currency: String,
/// }
///
/// impl Section for ShopSettings {
///     const LABEL: &'static str = "shop";
/// }
///
/// let mut settings = Settings::default();
/// settings.section_mut::<ShopSettings>().currency = "EUR".to_owned();
/// assert_eq!(settings.section::<ShopSettings>().currency, "EUR");
/// ```
pub trait Section:
    Clone + fmt::Debug + Default + DeserializeOwned + Serialize + JsonSchema + Send + Sync + 'static
{
    /// The section's name: `shop` is `[shop]`.
    const LABEL: &'static str;

    /// The app that reads it, such as `shop::Shop`. Settings that say more of it than its defaults are refused for a site
    /// without that app, where they would count for nothing. A section that a program reads by itself has none.
    const APP: Option<&'static str> = None;

    /// The section after which a reader is told of it; after all others unless set.
    const AFTER: Option<&'static str> = None;

    /// The section in those settings; its defaults where nobody set it. Sections that are a field of [`Settings`] say so
    /// here; all others are kept by their type.
    #[doc(hidden)]
    fn of(settings: &Settings) -> Cow<'_, Self> {
        settings
            .sections
            .get()
            .map_or_else(|| Cow::Owned(Self::default()), Cow::Borrowed)
    }

    /// The same, to be changed.
    #[doc(hidden)]
    fn of_mut(settings: &mut Settings) -> &mut Self {
        settings.sections.get_mut()
    }
}

/// Says of a section that it is a field of [`Settings`].
macro_rules! of_field {
    ($kind:ty, $field:ident) => {
        impl $crate::settings::Section for $kind {
            const LABEL: &'static str = stringify!($field);

            fn of(settings: &$crate::settings::Settings) -> std::borrow::Cow<'_, Self> {
                std::borrow::Cow::Borrowed(&settings.$field)
            }

            fn of_mut(settings: &mut $crate::settings::Settings) -> &mut Self {
                &mut settings.$field
            }
        }
    };
}

pub(crate) use of_field;

/// What a loader knows of a section: its name, how it is read, what may stand in it.
#[derive(Clone, Copy)]
pub struct SectionKind {
    label: &'static str,
    after: Option<&'static str>,
    of: fn() -> TypeId,
    read: Read,
    schema: fn(&mut SchemaGenerator) -> Schema,
}

/// Reads a section into the settings.
type Read = fn(&Node, &mut Settings) -> Result<(), ValueError>;

impl SectionKind {
    /// The section of that type, which [`Settings::section`] gives.
    #[must_use]
    pub const fn of<T: Section>() -> Self {
        let kind = Self::new::<T>(T::LABEL, |node, settings| {
            *settings.section_mut::<T>() = T::deserialize(node)?;
            Ok(())
        });
        Self {
            after: T::AFTER,
            ..kind
        }
    }

    /// A section of that name and type, which `read` puts where it belongs.
    #[must_use]
    pub const fn new<T: JsonSchema + 'static>(label: &'static str, read: Read) -> Self {
        Self {
            label,
            after: None,
            of: TypeId::of::<T>,
            read,
            schema: T::json_schema,
        }
    }

    /// The section's name.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        self.label
    }

    /// The section after which a reader is told of it.
    #[must_use]
    pub const fn after(&self) -> Option<&'static str> {
        self.after
    }

    /// Whether it is the section of that type.
    pub(crate) fn is_of(&self, id: TypeId) -> bool {
        (self.of)() == id
    }

    /// Whether there is any key that may be set in it.
    #[must_use]
    pub fn has_keys(&self) -> bool {
        let schema = (self.schema)(&mut inlining());
        let keys = schema.get("properties").and_then(Value::as_object);
        let is_closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
        !is_closed || keys.is_some_and(|keys| !keys.is_empty())
    }

    /// Whether the other one is another section of the same name.
    #[must_use]
    pub fn clashes_with(&self, other: &Self) -> bool {
        self.label == other.label && (self.of)() != (other.of)()
    }

    /// Its tables for a reader: its own first, then those of the sections in it.
    #[must_use]
    pub fn tables(&self) -> Vec<reference::Table> {
        reference::of_section(self.label, &(self.schema)(&mut inlining()))
    }

    pub(super) fn read(&self, node: &Node, settings: &mut Settings) -> Result<(), ValueError> {
        (self.read)(node, settings)
    }
}

impl fmt::Debug for SectionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SectionKind").field(&self.label).finish()
    }
}

/// Schemas without references: what a key may say stands with the key.
pub(super) fn inlining() -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12();
    settings
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
}
