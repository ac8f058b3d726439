//! The keys of a map, which are text in JSON: numbers, truth values and `None` as Python writes them there.

use serde::ser::{self, Impossible, Serialize, Serializer};

use crate::json::{Error, float};

/// Gives the text of a key.
pub(super) struct KeyRenderer;

type Key = Result<String, Error>;
type No = Impossible<String, Error>;

fn refused<T>() -> Result<T, Error> {
    Err(ser::Error::custom("the keys of an object are text"))
}

/// What is its `Display`.
macro_rules! displayed {
    ($($method:ident: $key:ty),*) => {$(
        fn $method(self, key: $key) -> Key {
            Ok(key.to_string())
        }
    )*};
}

impl Serializer for KeyRenderer {
    type Ok = String;
    type Error = Error;
    type SerializeSeq = No;
    type SerializeTuple = No;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = No;
    type SerializeStruct = No;
    type SerializeStructVariant = No;

    displayed!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_bool: bool, serialize_char: char, serialize_str: &str
    );

    fn serialize_f32(self, key: f32) -> Key {
        let mut text = String::new();
        float::write_f32(key, &mut text);
        match key.is_finite() {
            true => Ok(text),
            false => refused(),
        }
    }

    fn serialize_f64(self, key: f64) -> Key {
        match key.is_finite() {
            true => Ok(float::repr(key)),
            false => refused(),
        }
    }

    fn serialize_none(self) -> Key {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, key: &T) -> Key {
        key.serialize(self)
    }

    fn serialize_unit(self) -> Key {
        Ok("null".to_owned())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Key {
        refused()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Key {
        Ok(variant.to_owned())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, key: &T) -> Key {
        key.serialize(self)
    }

    fn serialize_bytes(self, _: &[u8]) -> Key {
        refused()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Key {
        refused()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<No, Error> {
        refused()
    }

    fn serialize_tuple(self, _: usize) -> Result<No, Error> {
        refused()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<No, Error> {
        refused()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<No, Error> {
        refused()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<No, Error> {
        refused()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<No, Error> {
        refused()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<No, Error> {
        refused()
    }
}
