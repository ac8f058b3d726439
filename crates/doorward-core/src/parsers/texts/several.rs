//! [`Several`] texts by name: the fields of a form, or of a query.

use serde::de::value::MapDeserializer;
use serde::de::{Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::Error;
use super::field::Field;

/// A field as it came: its name, and its text where it is one.
pub(super) type Raw<'t> = (&'t str, Option<&'t str>);

/// All fields as they came.
#[derive(Clone, Debug)]
pub(super) struct Several<'t> {
    raw: Vec<Raw<'t>>,
    /// Which fields without a text are taken as they are. DRF takes one for missing where it need not be there, which only
    /// the type knows.
    blank: Blank<'t>,
}

#[derive(Clone, Debug)]
enum Blank<'t> {
    Of(Vec<&'t str>),
    All,
}

impl<'t> Several<'t> {
    pub(super) fn new(raw: Vec<Raw<'t>>) -> Self {
        let blank = Blank::Of(Vec::new());
        Self { raw, blank }
    }

    /// What stands below a name. There nothing is taken for missing.
    pub(super) fn within(raw: Vec<Raw<'t>>) -> Self {
        let blank = Blank::All;
        Self { raw, blank }
    }

    /// Takes that field as it is from now on; whether that changes anything.
    pub(super) fn keep_blank(&mut self, name: &str) -> bool {
        let Blank::Of(kept) = &mut self.blank else {
            return false;
        };
        let came = self
            .raw
            .iter()
            .find(|(known, _)| *known == name && !kept.contains(known));
        kept.extend(came.map(|(name, _)| *name));
        came.is_some()
    }

    /// By their names.
    fn by_name(self) -> Vec<(&'t str, Field<'t>)> {
        let mut fields = Vec::new();
        for (name, text) in self.raw {
            change(&mut fields, name, |field| field.push(text));
        }
        fields
    }

    /// By the names that a struct has: what it does not know, and stands below a name that it knows, belongs there.
    fn of_struct(self, names: &[&str]) -> Vec<(&'t str, Field<'t>)> {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for (name, text) in self.raw {
            let outer = name.split_once('.').filter(|(outer, _)| names.contains(outer));
            match outer {
                _ if names.contains(&name) => change(&mut known, name, |field| field.push(text)),
                Some((outer, inner)) => change(&mut known, outer, |field| field.push_below((inner, text))),
                None => unknown.push((name, Field::new(name))),
            }
        }
        known.retain(|(name, field)| !field.is_blank() || self.blank.keeps(name));
        known.extend(unknown);
        known
    }
}

impl Blank<'_> {
    fn keeps(&self, name: &str) -> bool {
        match self {
            Self::Of(kept) => kept.contains(&name),
            Self::All => true,
        }
    }
}

/// Changes the field of that name; fields stand in the order in which their names first came.
fn change<'t>(fields: &mut Vec<(&'t str, Field<'t>)>, name: &'t str, change: impl FnOnce(&mut Field<'t>)) {
    match fields.iter_mut().find(|(known, _)| *known == name) {
        Some((_, field)) => change(field),
        None => {
            let mut field = Field::new(name);
            change(&mut field);
            fields.push((name, field));
        }
    }
}

impl<'de> Deserializer<'de> for Several<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(MapDeserializer::new(self.by_name().into_iter()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(MapDeserializer::new(self.of_struct(fields).into_iter()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit_struct seq tuple
        tuple_struct map enum identifier ignored_any
    }
}
