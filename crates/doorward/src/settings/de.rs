//! Values into settings, with errors that name the key and what is allowed.

use std::collections::btree_map;
use std::iter::Enumerate;
use std::{fmt, slice};

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    Visitor,
};
use serde::forward_to_deserialize_any;

use super::LoadError;
use super::tree::{Node, Origin, Step, Value};

/// The longest name that is repeated.
const LONGEST_NAME: usize = 64;

/// A value does not fit; its path grows as the error leaves the nested tables.
///
/// What was found is told by its kind only: a text in the place of a section may be a secret, whatever the key is.
#[derive(Debug)]
pub(super) struct ValueError {
    path: Vec<Step>,
    origin: Option<Origin>,
    problem: Box<Problem>,
}

#[derive(Debug)]
enum Problem {
    Custom(String),
    Unexpected {
        kind: &'static str,
        expected: String,
    },
    UnknownName {
        name: String,
        allowed: &'static [&'static str],
    },
    UnknownKey {
        allowed: &'static [&'static str],
    },
}

impl ValueError {
    fn new(problem: Problem) -> Self {
        Self {
            path: Vec::new(),
            origin: None,
            problem: Box::new(problem),
        }
    }

    fn below(mut self, step: Step, origin: &Origin) -> Self {
        self.path.insert(0, step);
        self.at(origin)
    }

    fn at(mut self, origin: &Origin) -> Self {
        self.origin.get_or_insert_with(|| origin.clone());
        self
    }

    /// Where the value stands, from the root.
    pub(super) fn path(&self) -> &[Step] {
        &self.path
    }

    pub(super) fn into_load_error(self) -> LoadError {
        let keys = self.path.iter().filter_map(Step::key);
        let keys: Vec<_> = keys.map(|key| if is_name(key) { key } else { "…" }).collect();
        let problem = self.problem.tell(keys.last().copied().unwrap_or_default());
        LoadError::new(&self.origin.unwrap_or(Origin::Unset), keys.join("."), problem)
    }
}

impl Problem {
    fn tell(self, key: &str) -> String {
        match self {
            Self::Custom(text) => text,
            Self::Unexpected { kind, expected } => format!("expected {expected}, not {kind}"),
            Self::UnknownName { name, allowed } => unknown_name(&name, allowed),
            Self::UnknownKey { allowed } => {
                let nearest = nearest(key, allowed);
                let nearest = nearest.map_or(";".to_owned(), |best| format!("; did you mean `{best}`?"));
                format!("unknown key{nearest} known here: {}", list(allowed))
            }
        }
    }
}

/// A name that is like an allowed one is a slip, and repeated; any other text may be a secret.
fn unknown_name(name: &str, allowed: &[&str]) -> String {
    match nearest(name, allowed) {
        Some(best) if is_name(name) => {
            format!(
                "`{name}` is unknown; did you mean `{best}`? allowed: {}",
                list(allowed)
            )
        }
        _ => format!("this name is unknown; allowed: {}", list(allowed)),
    }
}

/// Whether a text can be a name that somebody made up for a key or a choice.
fn is_name(text: &str) -> bool {
    text.len() <= LONGEST_NAME
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-+".contains(c))
}

fn list(names: &[&str]) -> String {
    names.join(", ")
}

/// The known name that is most like `name`.
fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let name = name.to_lowercase();
    let likeness = |known: &&str| (strsim::jaro_winkler(&name, &known.to_lowercase()) * 1e6) as u32;
    let best = known.iter().copied().max_by_key(likeness);
    best.filter(|best| likeness(best) > 750_000)
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.problem)
    }
}

impl std::error::Error for ValueError {}

impl de::Error for ValueError {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self::new(Problem::Custom(text.to_string()))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Problem::Unexpected {
            kind: kind(&found),
            expected: in_toml_words(&expected.to_string()),
        })
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn unknown_variant(name: &str, allowed: &'static [&'static str]) -> Self {
        let name = name.to_owned();
        Self::new(Problem::UnknownName { name, allowed })
    }

    fn unknown_field(_: &str, allowed: &'static [&'static str]) -> Self {
        Self::new(Problem::UnknownKey { allowed })
    }
}

fn kind(found: &Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "true or false",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "this number",
        Unexpected::Str(_) => "a text",
        Unexpected::Seq => "a list",
        Unexpected::Map => "a table",
        _ => "this",
    }
}

/// What serde calls by Rust's names, in the words of the settings file.
fn in_toml_words(expected: &str) -> String {
    match expected {
        "a string" => "a text".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list, such as [\"a\", \"b\"]".to_owned(),
        "u8" => "a whole number from 0 to 255".to_owned(),
        "u32" => "a whole number from 0 to 4294967295".to_owned(),
        "u64" | "usize" => "a whole number, 0 or more".to_owned(),
        other => match other.strip_prefix("struct ") {
            Some(_) => "a section".to_owned(),
            None => other.to_owned(),
        },
    }
}

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

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
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
        Value::Table(table) => visitor.visit_map(Table {
            entries: table.iter(),
            current: None,
        }),
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

struct Table<'de> {
    entries: btree_map::Iter<'de, String, (Origin, Node)>,
    current: Option<(&'de str, &'de Node)>,
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
