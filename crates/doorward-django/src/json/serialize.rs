//! Values of other types as REST framework renders them (`rest_framework.renderers.JSONRenderer`).

mod keys;
mod parts;

use serde::ser::{self, Serialize, Serializer};

use super::number::Kind;
use super::writer::{Charset, write_integer, write_string};
use super::{Constants, Error, Number, Object, Reader, Value, float};
use parts::Parts;

/// The name under which an integer of more than 64 bits goes to our own [`Renderer`], as its digits.
const DIGITS: &str = "$doorward::json::digits";

/// How `serde_json` tells its own serializer of JSON that it keeps as text, where its features `raw_value` and
/// `arbitrary_precision` are on.
const SERDE_JSON_TEXTS: [&str; 2] = ["$serde_json::private::RawValue", "$serde_json::private::Number"];

/// The JSON text of a value: compact, in Unicode, numbers as Python writes them.
///
/// ```
/// use doorward_django::json::render;
///
/// assert_eq!(render(&("é\u{2028}", 1e20)).unwrap(), "[\"é\\u2028\",1e+20]");
/// assert!(render(&f64::NAN).is_err());
/// ```
///
/// # Errors
/// For floats that are no numbers, as in REST framework; where the value's own `Serialize` fails; where the keys of a map
/// are no text.
pub fn render(value: &(impl Serialize + ?Sized)) -> Result<String, Error> {
    written(value, Constants::Refused)
}

fn written(value: &(impl Serialize + ?Sized), constants: Constants) -> Result<String, Error> {
    let mut text = String::with_capacity(128);
    value.serialize(&mut Renderer {
        text: &mut text,
        constants,
        verbatim: false,
    })?;
    Ok(text)
}

/// Any value as a [`Value`].
///
/// # Errors
/// Where its own `Serialize` fails, the keys of a map are no text, or it is nested deeper than JSON may be.
pub fn to_value(value: &(impl Serialize + ?Sized)) -> Result<Value, Error> {
    let reader = Reader {
        constants: Constants::Read,
        ..Reader::default()
    };
    let text = written(value, Constants::Read)?;
    reader.read(&text).map_err(ser::Error::custom)
}

/// Integers of any size; those beyond 64 bits are their digits as text to other formats, most of which, `serde_json`
/// among them, fail on them.
impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.kind() {
            Kind::Integer(integer) => serializer.serialize_i64(integer),
            Kind::Float(float) => serializer.serialize_f64(float),
            Kind::Big(digits) => match self.as_u64() {
                Some(integer) => serializer.serialize_u64(integer),
                None => serializer.serialize_newtype_struct(DIGITS, digits),
            },
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

/// Writes what serde tells of a value.
struct Renderer<'t> {
    text: &'t mut String,
    constants: Constants,
    /// Whether the next text is JSON already: the digits of an integer, or what `serde_json` keeps as text.
    verbatim: bool,
}

impl Renderer<'_> {
    fn float(&mut self, float: f64, write: impl Fn(&mut String)) -> Result<(), Error> {
        match (float.is_finite(), self.constants) {
            (true, _) => write(self.text),
            (false, Constants::Read) => self.text.push_str(&float::constant(float)),
            (false, Constants::Refused) => {
                let sentence = "Out of range float values are not JSON compliant";
                return Err(ser::Error::custom(sentence));
            }
        }
        Ok(())
    }

    /// Begins an object of one member, whose name is that of an enum's variant.
    fn begin_variant(&mut self, variant: &str) {
        self.text.push('{');
        write_string(variant, Charset::Unicode, self.text);
        self.text.push(':');
    }
}

/// What is written with `Display`.
macro_rules! integers {
    ($($method:ident: $integer:ty),*) => {$(
        fn $method(self, integer: $integer) -> Result<(), Error> {
            write_integer(integer, self.text);
            Ok(())
        }
    )*};
}

impl<'r, 't> Serializer for &'r mut Renderer<'t> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Parts<'r, 't>;
    type SerializeTuple = Parts<'r, 't>;
    type SerializeTupleStruct = Parts<'r, 't>;
    type SerializeTupleVariant = Parts<'r, 't>;
    type SerializeMap = Parts<'r, 't>;
    type SerializeStruct = Parts<'r, 't>;
    type SerializeStructVariant = Parts<'r, 't>;

    integers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_bool: bool
    );

    fn serialize_f32(self, float: f32) -> Result<(), Error> {
        self.float(float.into(), |text| float::write_f32(float, text))
    }

    fn serialize_f64(self, float: f64) -> Result<(), Error> {
        self.float(float, |text| float::write(float, text))
    }

    fn serialize_char(self, character: char) -> Result<(), Error> {
        self.serialize_str(character.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        match std::mem::take(&mut self.verbatim) {
            true => self.text.push_str(text),
            false => write_string(text, Charset::Unicode, self.text),
        }
        Ok(())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Error> {
        self.collect_seq(bytes)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.text.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.verbatim = name == DIGITS;
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.begin_variant(variant);
        value.serialize(&mut *self)?;
        self.text.push('}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'r, 't>, Error> {
        Ok(Parts::list(self, "]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'r, 't>, Error> {
        Ok(Parts::list(self, "]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'r, 't>, Error> {
        Ok(Parts::list(self, "]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'r, 't>, Error> {
        self.begin_variant(variant);
        Ok(Parts::list(self, "]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'r, 't>, Error> {
        Ok(Parts::object(self, "}"))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Parts<'r, 't>, Error> {
        Ok(match SERDE_JSON_TEXTS.contains(&name) {
            true => Parts::verbatim(self),
            false => Parts::object(self, "}"),
        })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'r, 't>, Error> {
        self.begin_variant(variant);
        Ok(Parts::object(self, "}}"))
    }
}
