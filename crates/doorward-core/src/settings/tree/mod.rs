//! [`Node`]: values that remember where they came from.
//!
//! They are read by serde, and what does not fit is told with its place. Who makes them reads files and variables
//! (`doorward::settings::Loader`): here is neither.

mod de;
mod load_error;
mod value_error;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

pub(super) use de::Table;
pub use load_error::{LoadError, LoadErrors};
pub use value_error::ValueError;
pub(crate) use value_error::unknown_name;

/// A value of the settings file or of the environment.
#[derive(Clone)]
pub struct Node {
    /// What it says.
    pub value: Value,
    /// Where it stands.
    pub origin: Origin,
}

/// What TOML can say.
#[derive(Clone)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(String),
    /// A date, or a number that is too large.
    Other(String),
    /// A text of the environment that is something else when it is read as TOML.
    Either(String, Box<Value>),
    /// `[…]`
    List(Vec<Node>),
    /// A section, or `{ … }`: by its key, where the key stands and the value.
    Table(BTreeMap<String, (Origin, Node)>),
}

/// The way from a value to one in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the value of a key.
    Key(String),
    /// To a member of a list, from 0.
    Item(usize),
}

impl Step {
    /// The key, where it is one.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(key),
            Self::Item(_) => None,
        }
    }
}

/// Whether anything was there to take out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It is out.
    Done,
    /// There was nothing.
    Nothing,
}

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Unset,
    /// A whole file.
    File(Arc<str>),
    /// In a file, from line and column 1.
    Place(Arc<str>, usize, usize),
    /// A variable, or an option of the command line.
    Named(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unset => Ok(()),
            Self::File(file) => f.write_str(file),
            Self::Place(file, line, column) => write!(f, "{file}:{line}:{column}"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

/// Shows where a value stands, and not what it is: it may be a secret.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({})", self.origin)
    }
}

/// Shows the kind alone.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool(_) => "Bool(…)",
            Self::Integer(_) => "Integer(…)",
            Self::Float(_) => "Float(…)",
            Self::Text(_) => "Text(…)",
            Self::Other(_) => "Other(…)",
            Self::Either(..) => "Either(…)",
            Self::List(_) => "List(…)",
            Self::Table(_) => "Table(…)",
        })
    }
}

impl Node {
    /// A table without keys.
    #[must_use]
    pub fn table(origin: Origin) -> Self {
        Self {
            value: Value::Table(BTreeMap::new()),
            origin,
        }
    }

    /// A text.
    #[must_use]
    pub fn text(text: &str, origin: Origin) -> Self {
        Self {
            value: Value::Text(text.to_owned()),
            origin,
        }
    }

    /// The same, with all that is below it standing where it stands: a variable has no lines.
    #[must_use]
    pub fn in_one_place(mut self) -> Self {
        let origin = self.origin.clone();
        let moved = |node: Self| {
            Self {
                origin: origin.clone(),
                ..node
            }
            .in_one_place()
        };
        self.value = match self.value {
            Value::List(items) => Value::List(items.into_iter().map(moved).collect()),
            Value::Table(table) => {
                let entries = table.into_iter();
                Value::Table(
                    entries
                        .map(|(key, (_, node))| (key, (origin.clone(), moved(node))))
                        .collect(),
                )
            }
            plain => plain,
        };
        self
    }

    /// The node of a dotted key, if it was set.
    #[must_use]
    pub fn at(&self, key: &str) -> Option<&Self> {
        key.split('.').try_fold(self, |node, part| match &node.value {
            Value::Table(table) => table.get(part).map(|(_, child)| child),
            _ => None,
        })
    }

    /// The item of a list, if it is there; the first one is 0.
    #[must_use]
    pub fn item(&self, index: usize) -> Option<&Self> {
        match &self.value {
            Value::List(items) => items.get(index),
            _ => None,
        }
    }

    /// Takes out what stands at the end of that path, or as far along it as there is anything to take.
    pub fn remove(&mut self, path: &[Step]) -> Removal {
        let Some((step, rest)) = path.split_first() else {
            return Removal::Nothing;
        };
        let child = match (&mut self.value, step) {
            (Value::Table(table), Step::Key(key)) => table.get_mut(key).map(|(_, child)| child),
            (Value::List(items), Step::Item(index)) => items.get_mut(*index),
            _ => None,
        };
        match child.map(|child| child.remove(rest)) {
            None => Removal::Nothing,
            Some(Removal::Done) => Removal::Done,
            Some(Removal::Nothing) => self.take_out(step),
        }
    }

    fn take_out(&mut self, step: &Step) -> Removal {
        match (&mut self.value, step) {
            (Value::Table(table), Step::Key(key)) => drop(table.remove(key)),
            (Value::List(items), Step::Item(index)) => drop(items.remove(*index)),
            _ => return Removal::Nothing,
        }
        Removal::Done
    }

    /// Puts `node` at `path`, in place of what stood there.
    ///
    /// # Errors
    /// A [`LoadError`] where something on the way is no table.
    pub fn insert(&mut self, path: &[String], node: Self) -> Result<(), LoadError> {
        let Some((last, sections)) = path.split_last() else {
            return Ok(());
        };
        let origin = node.origin.clone();
        let table = sections
            .iter()
            .try_fold(self, |parent, section| parent.section(section, &origin))
            .and_then(|parent| parent.entries());
        let Some(table) = table else {
            return Err(LoadError::new(
                &origin,
                path.join("."),
                "stands below a key that is no section",
            ));
        };
        table.insert(last.clone(), (origin, node));
        Ok(())
    }

    fn section(&mut self, name: &str, origin: &Origin) -> Option<&mut Self> {
        let fresh = || (origin.clone(), Self::table(origin.clone()));
        let entry = self.entries()?.entry(name.to_owned());
        Some(&mut entry.or_insert_with(fresh).1)
    }

    fn entries(&mut self) -> Option<&mut BTreeMap<String, (Origin, Self)>> {
        match &mut self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }
}
