//! [`Several`] texts by name, and the [`Parameters`] of a path.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::text::Text;
use super::{Misfit, Spelling};

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

/// What stands under one name, once or more often, and what stands below it (`name.below`).
#[derive(Clone, Debug)]
struct Field<'t> {
    name: &'t str,
    texts: Vec<Text<'t>>,
    below: Vec<Raw<'t>>,
}

impl<'t> Several<'t> {
    pub(super) fn new(raw: Vec<Raw<'t>>) -> Self {
        let blank = Blank::Of(Vec::new());
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
                Some((outer, inner)) => change(&mut known, outer, |field| field.below.push((inner, text))),
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
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_map(MapDeserializer::new(self.by_name().into_iter()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_map(MapDeserializer::new(self.of_struct(fields).into_iter()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit_struct seq tuple
        tuple_struct map enum identifier ignored_any
    }
}

impl<'t> Field<'t> {
    fn new(name: &'t str) -> Self {
        Self {
            name,
            texts: Vec::new(),
            below: Vec::new(),
        }
    }

    fn push(&mut self, text: Option<&'t str>) {
        let spelling = Spelling::Any;
        self.texts.push(Text { text, spelling });
    }

    /// The text that counts.
    fn last(&self) -> Text<'t> {
        let nothing = Text {
            text: None,
            spelling: Spelling::Any,
        };
        self.texts.last().copied().unwrap_or(nothing)
    }

    fn is_blank(&self) -> bool {
        self.texts.len() == 1 && self.last().text == Some("")
    }

    /// What stands below its name.
    fn nested(&self) -> Option<Several<'t>> {
        let raw = self.below.clone();
        let blank = Blank::All;
        (!raw.is_empty()).then_some(Several { raw, blank })
    }
}

impl<'de> IntoDeserializer<'de, Misfit> for Field<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> IntoDeserializer<'de, Misfit> for Text<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The texts of a list, each of which tells its number where it does not fit.
struct Items<'t> {
    texts: std::vec::IntoIter<Text<'t>>,
    number: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misfit> {
        let Some(text) = self.texts.next() else {
            return Ok(None);
        };
        let number = self.number;
        self.number += 1;
        let item = seed.deserialize(text);
        item.map(Some).map_err(|misfit| misfit.within(number.to_string()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.texts.len())
    }
}

/// Has a method ask the last text, and tells what does not fit under the field's name.
macro_rules! by_last_text {
    ($($deserialize:ident)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            self.last().$deserialize(visitor).map_err(|misfit| misfit.within(self.name.to_owned()))
        }
    )*};
}

impl<'de> Deserializer<'de> for Field<'_> {
    type Error = Misfit;

    by_last_text! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string deserialize_bytes
        deserialize_byte_buf deserialize_unit deserialize_map deserialize_identifier deserialize_ignored_any
    }

    /// All texts of the name.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let (texts, number) = (self.texts.into_iter(), 0);
        let items = visitor.visit_seq(Items { texts, number });
        items.map_err(|misfit| misfit.within(self.name.to_owned()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.is_blank() {
            true => visitor.visit_none(),
            false => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.last().deserialize_unit_struct(name, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let read = match self.nested() {
            Some(nested) => nested.deserialize_struct(name, fields, visitor),
            None => self.last().deserialize_struct(name, fields, visitor),
        };
        read.map_err(|misfit| misfit.within(self.name.to_owned()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let read = self.last().deserialize_enum(name, variants, visitor);
        read.map_err(|misfit| misfit.within(self.name.to_owned()))
    }
}

/// The parameters of a path, in their order.
#[derive(Debug)]
pub(super) struct Parameters<'t>(Vec<(&'t str, Text<'t>)>);

impl<'t> Parameters<'t> {
    pub(super) fn new(parameters: Vec<(&'t str, &'t str)>) -> Self {
        let spelling = Spelling::One;
        let text = |text| Text {
            text: Some(text),
            spelling,
        };
        Self(
            parameters
                .into_iter()
                .map(|(name, value)| (name, text(value)))
                .collect(),
        )
    }

    /// The only one; else the type is wrong.
    fn only(&self) -> Result<Text<'t>, Misfit> {
        match self.0.as_slice() {
            [(_, text)] => Ok(*text),
            all => Err(Misfit::ours(format!(
                "one value is read from a path with {} parameters; read a tuple or a struct",
                all.len()
            ))),
        }
    }
}

/// Has a method ask the only text.
macro_rules! by_only_text {
    ($($deserialize:ident)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            self.only()?.$deserialize(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Parameters<'_> {
    type Error = Misfit;

    by_only_text! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string deserialize_bytes
        deserialize_byte_buf deserialize_identifier
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let texts = self.0.into_iter().map(|(_, text)| text);
        let mut texts = SeqDeserializer::new(texts);
        let value = visitor.visit_seq(&mut texts)?;
        let too_many = |_: Misfit| Misfit::ours("the path has more parameters than are read from it");
        texts.end().map_err(too_many)?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_map(MapDeserializer::new(self.0.into_iter()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.only()?.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }
}
