//! Lists and objects, part by part.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::Renderer;
use super::keys::KeyRenderer;
use crate::json::Error;
use crate::json::writer::{Charset, write_string};

/// A list or an object that is being written.
pub(super) struct Parts<'r, 't> {
    renderer: &'r mut Renderer<'t>,
    is_first: bool,
    end: &'static str,
    kind: Kind,
}

/// Whether names and brackets are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Json,
    Verbatim,
}

impl<'r, 't> Parts<'r, 't> {
    pub(super) fn list(renderer: &'r mut Renderer<'t>, end: &'static str) -> Self {
        Self::begin(renderer, '[', end)
    }

    pub(super) fn object(renderer: &'r mut Renderer<'t>, end: &'static str) -> Self {
        Self::begin(renderer, '{', end)
    }

    fn begin(renderer: &'r mut Renderer<'t>, bracket: char, end: &'static str) -> Self {
        renderer.text.push(bracket);
        Self {
            renderer,
            is_first: true,
            end,
            kind: Kind::Json,
        }
    }

    /// No object: the text of its one member is JSON, and stands for the whole.
    pub(super) fn verbatim(renderer: &'r mut Renderer<'t>) -> Self {
        Self {
            renderer,
            is_first: true,
            end: "",
            kind: Kind::Verbatim,
        }
    }

    fn separate(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.renderer.text.push(',');
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
        self.separate();
        item.serialize(&mut *self.renderer)
    }

    fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        if self.kind == Kind::Verbatim {
            self.renderer.verbatim = true;
            return value.serialize(&mut *self.renderer);
        }
        self.separate();
        write_string(name, Charset::Unicode, self.renderer.text);
        self.value(value)
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.renderer.text.push(':');
        value.serialize(&mut *self.renderer)
    }

    fn finish(self) {
        self.renderer.text.push_str(self.end);
    }
}

impl SerializeMap for Parts<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.separate();
        let key = key.serialize(KeyRenderer)?;
        write_string(&key, Charset::Unicode, self.renderer.text);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.value(value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish();
        Ok(())
    }
}

/// What is told item by item.
macro_rules! lists {
    ($($kind:ident: $method:ident),*) => {$(
        impl $kind for Parts<'_, '_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
                self.item(item)
            }

            fn end(self) -> Result<(), Error> {
                self.finish();
                Ok(())
            }
        }
    )*};
}

lists!(
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field
);

/// What is told field by field.
macro_rules! objects {
    ($($kind:ident),*) => {$(
        impl $kind for Parts<'_, '_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
                self.member(name, value)
            }

            fn end(self) -> Result<(), Error> {
                self.finish();
                Ok(())
            }
        }
    )*};
}

objects!(SerializeStruct, SerializeStructVariant);
