//! Values into settings, with errors that name the key and what is allowed.

use std::collections::btree_map;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    Visitor,
};
use serde::forward_to_deserialize_any;

use super::LoadError;
use super::tree::{Node, Origin, Value};

/// Keys whose values are never repeated.
const SECRETS: [&str; 11] = [
    "secret_key",
    "secret_key_fallbacks",
    "database.url",
    "redis.url",
    "metrics.token",
    "jwt.signing_key",
    "jwt.verifying_key",
    "jwt.keys.signing_key",
    "jwt.keys.verifying_key",
    "jwt.introspection.client_secret",
    "jwt.introspection.authorization",
];

/// A value does not fit; its path grows as the error leaves the nested tables.
#[derive(Debug)]
pub(super) struct ValueError {
    path: Vec<String>,
    origin: Option<Origin>,
    problem: Box<Problem>,
}

#[derive(Debug)]
enum Problem {
    Custom(String),
    Unexpected {
        found: String,
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

    fn below(mut self, key: &str, origin: &Origin) -> Self {
        self.path.insert(0, key.to_owned());
        self.origin.get_or_insert_with(|| origin.clone());
        self
    }

    fn at(mut self, origin: &Origin) -> Self {
        self.origin.get_or_insert_with(|| origin.clone());
        self
    }

    pub(super) fn into_load_error(self) -> LoadError {
        let key = self.path.join(".");
        let problem = self.problem.tell(&key);
        LoadError::new(&self.origin.unwrap_or(Origin::Unset), key, problem)
    }
}

impl Problem {
    fn tell(self, key: &str) -> String {
        let secret = SECRETS.contains(&key);
        match self {
            Self::Custom(_) if secret => "this value is not possible".to_owned(),
            Self::Custom(text) => text,
            Self::Unexpected { kind, expected, .. } if secret => format!("expected {expected}, not {kind}"),
            Self::Unexpected { found, expected, .. } => format!("expected {expected}, not {found}"),
            Self::UnknownName { name, allowed } => {
                let nearest = nearest(&name, allowed);
                format!("`{name}` is unknown{nearest} allowed: {}", list(allowed))
            }
            Self::UnknownKey { allowed } => {
                let name = key.rsplit('.').next().unwrap_or_default();
                format!(
                    "unknown key{} known here: {}",
                    nearest(name, allowed),
                    list(allowed)
                )
            }
        }
    }
}

fn list(names: &[&str]) -> String {
    names.join(", ")
}

/// The known name that is most like `name`, as a question.
fn nearest(name: &str, known: &[&str]) -> String {
    let name = name.to_lowercase();
    let likeness = |known: &&str| (strsim::jaro_winkler(&name, &known.to_lowercase()) * 1e6) as u32;
    let best = known.iter().copied().max_by_key(likeness);
    best.filter(|best| likeness(best) > 750_000)
        .map_or_else(|| ";".to_owned(), |best| format!("; did you mean `{best}`?"))
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
            found: found.to_string(),
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
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
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
        "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more".to_owned(),
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
        tuple_struct map struct identifier ignored_any
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
        Value::List(nodes) => visitor.visit_seq(List(nodes.iter())),
        Value::Table(table) => visitor.visit_map(Table {
            entries: table.iter(),
            current: None,
        }),
    }
}

struct List<'de>(std::slice::Iter<'de, Node>);

impl<'de> SeqAccess<'de> for List<'de> {
    type Error = ValueError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ValueError> {
        self.0.next().map(|node| seed.deserialize(node)).transpose()
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
            .map_err(|error| error.below(key, origin))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, ValueError> {
        let (key, node) = self
            .current
            .take()
            .ok_or_else(|| de::Error::custom("a value without a key"))?;
        seed.deserialize(node)
            .map_err(|error| error.below(key, &node.origin))
    }
}
