//! From values with their places to [`Settings`].

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::tree::{Node, Table, Value, ValueError};
use super::{SectionKind, Settings};

impl Settings {
    /// What these values say, in sections of these kinds and beside them.
    ///
    /// Sections are read twice: in the order of the file, so that the first mistake is told, and then into the settings.
    ///
    /// # Errors
    /// The first value that does not fit.
    pub fn read(root: &Node, kinds: &[SectionKind]) -> Result<Self, ValueError> {
        let mut sections = Self::default();
        let mut top = Self::deserialize(Root {
            node: root,
            kinds,
            settings: &mut sections,
        })?;
        // They fitted already; now they come to the keys.
        for kind in kinds {
            if let Some(section) = root.at(kind.label()) {
                kind.read(section, &mut top)?;
            }
        }
        Ok(top)
    }
}

/// The whole file: sections are read by their kinds, the rest are the keys of [`Settings`].
struct Root<'de, 'k> {
    node: &'de Node,
    kinds: &'k [SectionKind],
    settings: &'k mut Settings,
}

impl<'de> Deserializer<'de> for Root<'de, '_> {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        let Value::Table(table) = &self.node.value else {
            return self.node.deserialize_any(visitor);
        };
        let keys = Keys {
            table: Table::new(table),
            kinds: self.kinds,
            settings: self.settings,
        };
        visitor
            .visit_map(keys)
            .map_err(|error| error.at(&self.node.origin))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Keys<'de, 'k> {
    table: Table<'de>,
    kinds: &'k [SectionKind],
    settings: &'k mut Settings,
}

impl Keys<'_, '_> {
    /// Reads the sections that stand next, up to a key that is none.
    fn read_sections(&mut self) -> Result<(), ValueError> {
        while let Some(kind) = self.next_kind() {
            let settings = &mut *self.settings;
            self.table.next_section(|node| kind.read(node, settings))?;
        }
        Ok(())
    }

    fn next_kind(&mut self) -> Option<SectionKind> {
        let key = self.table.next_key()?;
        self.kinds.iter().find(|kind| kind.label() == key).copied()
    }
}

impl<'de> MapAccess<'de> for Keys<'de, '_> {
    type Error = ValueError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ValueError> {
        self.read_sections()?;
        self.table.next_key_seed(seed).map_err(|error| {
            let labels: Vec<_> = {
                let settable = self.kinds.iter().filter(|kind| kind.has_keys());
                settable.map(SectionKind::label).collect()
            };
            error.also_known(&labels)
        })
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, ValueError> {
        self.table.next_value_seed(seed)
    }
}
