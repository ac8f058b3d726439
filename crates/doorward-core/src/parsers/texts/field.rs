//! [`Field`]: what stands under one name.

use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, SeqAccess, Visitor};

use super::several::{Raw, Several};
use super::text::Text;
use super::{Error, Spelling};

/// What stands under one name, once or more often, and what stands below it (`name.below`).
#[derive(Clone, Debug)]
pub(super) struct Field<'t> {
    name: &'t str,
    texts: Vec<Text<'t>>,
    below: Vec<Raw<'t>>,
}

impl<'t> Field<'t> {
    pub(super) fn new(name: &'t str) -> Self {
        Self {
            name,
            texts: Vec::new(),
            below: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, text: Option<&'t str>) {
        let spelling = Spelling::Any;
        self.texts.push(Text { text, spelling });
    }

    /// Takes what stands below its name, too.
    pub(super) fn push_below(&mut self, inner: Raw<'t>) {
        self.below.push(inner);
    }

    /// The text that counts.
    fn last(&self) -> Text<'t> {
        let nothing = Text {
            text: None,
            spelling: Spelling::Any,
        };
        self.texts.last().copied().unwrap_or(nothing)
    }

    pub(super) fn is_blank(&self) -> bool {
        self.texts.len() == 1 && self.last().text == Some("")
    }

    /// What stands below its name.
    fn nested(&self) -> Option<Several<'t>> {
        (!self.below.is_empty()).then(|| Several::within(self.below.clone()))
    }
}

impl<'de> IntoDeserializer<'de, Error> for Field<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> IntoDeserializer<'de, Error> for Text<'_> {
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
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(text) = self.texts.next() else {
            return Ok(None);
        };
        let number = self.number;
        self.number += 1;
        let item = seed.deserialize(text);
        item.map(Some).map_err(|error| error.within(number.to_string()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.texts.len())
    }
}

/// Has a method ask the last text, and tells what does not fit under the field's name.
macro_rules! by_last_text {
    ($($deserialize:ident)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.last().$deserialize(visitor).map_err(|error| error.within(self.name.to_owned()))
        }
    )*};
}

impl<'de> Deserializer<'de> for Field<'_> {
    type Error = Error;

    by_last_text! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string deserialize_bytes
        deserialize_byte_buf deserialize_unit deserialize_map deserialize_identifier deserialize_ignored_any
    }

    /// All texts of the name.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let (texts, number) = (self.texts.into_iter(), 0);
        let items = visitor.visit_seq(Items { texts, number });
        items.map_err(|error| error.within(self.name.to_owned()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.is_blank() {
            true => visitor.visit_none(),
            false => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.last().deserialize_unit_struct(name, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let read = match self.nested() {
            Some(nested) => nested.deserialize_struct(name, fields, visitor),
            None => self.last().deserialize_struct(name, fields, visitor),
        };
        read.map_err(|error| error.within(self.name.to_owned()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let read = self.last().deserialize_enum(name, variants, visitor);
        read.map_err(|error| error.within(self.name.to_owned()))
    }
}
