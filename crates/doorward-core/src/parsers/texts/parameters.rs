//! [`Parameters`] of a path.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Visitor};

use super::text::Text;
use super::{Error, OF_TYPE, Spelling};

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
    fn only(&self) -> Result<Text<'t>, Error> {
        match self.0.as_slice() {
            [(_, text)] => Ok(*text),
            all => Err(Error::new(
                OF_TYPE,
                format!(
                    "one value is read from a path with {} parameters; read a tuple or a struct",
                    all.len()
                ),
            )),
        }
    }
}

/// Has a method ask the only text.
macro_rules! by_only_text {
    ($($deserialize:ident)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.only()?.$deserialize(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Parameters<'_> {
    type Error = Error;

    by_only_text! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string deserialize_bytes
        deserialize_byte_buf deserialize_identifier
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let texts = self.0.into_iter().map(|(_, text)| text);
        let mut texts = SeqDeserializer::new(texts);
        let value = visitor.visit_seq(&mut texts)?;
        let too_many = |_: Error| Error::new(OF_TYPE, "the path has more parameters than are read from it");
        texts.end().map_err(too_many)?;
        Ok(value)
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

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(MapDeserializer::new(self.0.into_iter()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
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

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.only()?.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}
