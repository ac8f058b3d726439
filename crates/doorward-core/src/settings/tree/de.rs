//! Values into settings.

use std::collections::{BTreeMap, btree_map};
use std::iter::{Enumerate, Peekable};
use std::slice;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;

use super::{Node, Origin, Step, Value, ValueError};

impl<'de> Deserializer<'de> for &'de Node {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visit(&self.value, visitor).map_err(|error| error.at(&self.origin))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match &self.value {
            Value::Either(text, _) => visitor
                .visit_str(text)
                .map_err(|error: ValueError| error.at(&self.origin)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_some(self)
    }

    /// A section is a table: a list of its values in their order means nothing to its readers.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        match &self.value {
            Value::List(_) => {
                let error: ValueError = de::Error::invalid_type(Unexpected::Seq, &visitor);
                Err(error.at(&self.origin))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        let (Value::Text(text) | Value::Either(text, _)) = &self.value else {
            return self.deserialize_any(visitor);
        };
        let name: StrDeserializer<'_, ValueError> = text.as_str().into_deserializer();
        visitor.visit_enum(name).map_err(|error| error.at(&self.origin))
    }

    /// What nobody reads is a slip, in sections too that do not deny unknown fields.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, ValueError> {
        let error: ValueError = de::Error::unknown_field("", &[]);
        Err(error.at(&self.origin))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier
    }
}

fn visit<'de, V: Visitor<'de>>(value: &'de Value, visitor: V) -> Result<V::Value, ValueError> {
    match value {
        Value::Bool(truth) => visitor.visit_bool(*truth),
        Value::Integer(number) => visitor.visit_i64(*number),
        Value::Float(number) => visitor.visit_f64(*number),
        Value::Text(text) => visitor.visit_str(text),
        Value::Other(text) => Err(de::Error::invalid_type(Unexpected::Other(text), &visitor)),
        Value::Either(_, value) => visit(value, visitor),
        Value::List(nodes) => visitor.visit_seq(List(nodes.iter().enumerate())),
        Value::Table(table) => visitor.visit_map(Table::new(table)),
    }
}

struct List<'de>(Enumerate<slice::Iter<'de, Node>>);

impl<'de> SeqAccess<'de> for List<'de> {
    type Error = ValueError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ValueError> {
        let Some((index, node)) = self.0.next() else {
            return Ok(None);
        };
        seed.deserialize(node)
            .map(Some)
            .map_err(|error: ValueError| error.below(Step::Item(index), &node.origin))
    }
}

/// The keys of a table, one after the other.
pub(in crate::settings) struct Table<'de> {
    entries: Peekable<btree_map::Iter<'de, String, (Origin, Node)>>,
    current: Option<(&'de str, &'de Node)>,
}

impl<'de> Table<'de> {
    pub(in crate::settings) fn new(table: &'de BTreeMap<String, (Origin, Node)>) -> Self {
        Self {
            entries: table.iter().peekable(),
            current: None,
        }
    }

    /// The key that comes next.
    pub(in crate::settings) fn next_key(&mut self) -> Option<&'de str> {
        self.entries.peek().map(|(key, _)| key.as_str())
    }

    /// Has the value of the next key read, and goes on.
    pub(in crate::settings) fn next_section(
        &mut self,
        read: impl FnOnce(&Node) -> Result<(), ValueError>,
    ) -> Result<(), ValueError> {
        let Some((key, (_, node))) = self.entries.next() else {
            return Ok(());
        };
        read(node).map_err(|error| error.below(Step::Key(key.to_owned()), &node.origin))
    }
}

impl<'de> MapAccess<'de> for Table<'de> {
    type Error = ValueError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ValueError> {
        let Some((key, (origin, node))) = self.entries.next() else {
            return Ok(None);
        };
        self.current = Some((key, node));
        let name: StrDeserializer<'de, ValueError> = key.as_str().into_deserializer();
        seed.deserialize(name)
            .map(Some)
            .map_err(|error| error.below(Step::Key(key.to_owned()), origin))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, ValueError> {
        let (key, node) = self
            .current
            .take()
            .ok_or_else(|| de::Error::custom("a value without a key"))?;
        seed.deserialize(node)
            .map_err(|error| error.below(Step::Key(key.to_owned()), &node.origin))
    }
}
