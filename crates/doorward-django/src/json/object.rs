//! [`Object`]: the members of a JSON object in their order.

use std::fmt;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::Value;

/// Names and values in the order in which the names first came: Python's `dict`.
///
/// Two objects are equal where they have the same members, in whatever order.
///
/// ```
/// use doorward_django::json::{Object, Value};
///
/// let mut object = Object::from_iter([("b", 1), ("a", 2)]);
/// object.insert("b".to_owned(), Value::from(3));
/// assert_eq!(object.keys().collect::<Vec<_>>(), ["b", "a"]);
/// assert_eq!(object.get("b"), Some(&Value::from(3)));
/// ```
#[derive(Clone, Default)]
pub struct Object {
    members: Vec<(String, Value)>,
    /// Where each name stands; only where there are more than a [`FEW`], which are found faster without it.
    index: Option<Box<Index>>,
}

/// How many members are searched one by one.
const FEW: usize = 16;

impl Object {
    /// An object without members.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            members: Vec::new(),
            index: None,
        }
    }

    /// How many members it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether it has no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The value of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        let (_, value) = self.members.get(self.position(name)?)?;
        Some(value)
    }

    /// The value of that name, to be changed.
    #[must_use]
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let position = self.position(name)?;
        let (_, value) = self.members.get_mut(position)?;
        Some(value)
    }

    /// Whether there is a member of that name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// Sets a value, in its place where the name is there, else at the end; gives the one that was there.
    pub fn insert(&mut self, name: String, value: Value) -> Option<Value> {
        match self.get_mut(&name) {
            Some(old) => Some(std::mem::replace(old, value)),
            None => {
                self.push(name, value);
                None
            }
        }
    }

    /// Takes a member out; the others keep their order.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let (_, value) = self.members.remove(self.position(name)?);
        self.index = Index::of(&self.members);
        Some(value)
    }

    /// Takes all members out for which the answer is no.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &mut Value) -> bool) {
        self.members.retain_mut(|(name, value)| keep(name, value));
        self.index = Index::of(&self.members);
    }

    /// Every member in its order.
    pub fn iter(&self) -> Iter<'_> {
        let pair: fn(&(String, Value)) -> (&String, &Value) = |(name, value)| (name, value);
        self.members.iter().map(pair)
    }

    /// Every name in its order.
    #[must_use]
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &String> {
        self.members.iter().map(|(name, _)| name)
    }

    /// Every value in its order.
    #[must_use]
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.members.iter().map(|(_, value)| value)
    }

    fn position(&self, name: &str) -> Option<usize> {
        match &self.index {
            None => self.members.iter().position(|(other, _)| other == name),
            Some(index) => index.position(name, &self.members),
        }
    }

    /// Adds a member whose name is not there.
    fn push(&mut self, name: String, value: Value) {
        self.members.push((name, value));
        match &mut self.index {
            Some(index) => index.add_last(&self.members),
            None => self.index = Index::of(&self.members),
        }
    }
}

/// The positions of names, by their hashes. The keys of the hashes are random, so that nobody can send names that
/// collide.
#[derive(Clone, Default)]
struct Index {
    hasher: RandomState,
    positions: HashTable<usize>,
}

impl Index {
    /// None is needed for a few members.
    fn of(members: &[(String, Value)]) -> Option<Box<Self>> {
        if members.len() <= FEW {
            return None;
        }
        let mut index = Box::<Self>::default();
        for last in 1..=members.len() {
            index.add_last(members.get(..last).unwrap_or_default());
        }
        Some(index)
    }

    fn position(&self, name: &str, members: &[(String, Value)]) -> Option<usize> {
        let is_it = |position: &usize| members.get(*position).is_some_and(|(other, _)| other == name);
        self.positions.find(self.hasher.hash_one(name), is_it).copied()
    }

    fn add_last(&mut self, members: &[(String, Value)]) {
        let Some(last) = members.len().checked_sub(1) else {
            return;
        };
        let hash = |position: &usize| {
            let name = members.get(*position).map(|(name, _)| name.as_str());
            self.hasher.hash_one(name.unwrap_or_default())
        };
        self.positions.insert_unique(hash(&last), last, hash);
    }
}

/// The members of an [`Object`].
pub type Iter<'o> =
    std::iter::Map<std::slice::Iter<'o, (String, Value)>, fn(&'o (String, Value)) -> (&'o String, &'o Value)>;

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Object {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let mut object = Self::new();
        object.extend(members);
        object
    }
}

impl<K: Into<String>, V: Into<Value>> Extend<(K, V)> for Object {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, members: I) {
        for (name, value) in members {
            self.insert(name.into(), value.into());
        }
    }
}

impl IntoIterator for Object {
    type Item = (String, Value);
    type IntoIter = std::vec::IntoIter<(String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

impl<'o> IntoIterator for &'o Object {
    type Item = (&'o String, &'o Value);
    type IntoIter = Iter<'o>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn members_are_those_of_a_dict(steps in prop::collection::vec((0..40_u8, any::<Option<i64>>()), 0..160)) {
            let mut object = Object::new();
            let mut dict = Vec::<(String, i64)>::new();
            for (name, value) in steps {
                let name = name.to_string();
                let place = dict.iter().position(|(other, _)| *other == name);
                let old = match (place, value) {
                    (Some(place), Some(value)) => Some(std::mem::replace(&mut dict[place].1, value)),
                    (None, Some(value)) => { dict.push((name.clone(), value)); None }
                    (Some(place), None) => Some(dict.remove(place).1),
                    (None, None) => None,
                };
                let was = match value {
                    Some(value) => object.insert(name, value.into()),
                    None => object.remove(&name),
                };
                prop_assert_eq!(was, old.map(Value::from));
            }
            prop_assert_eq!(object.len(), dict.len());
            for (name, value) in &dict {
                prop_assert_eq!(object.get(name), Some(&Value::from(*value)));
            }
            prop_assert!(object.keys().eq(dict.iter().map(|(name, _)| name)));
            dict.reverse();
            prop_assert_eq!(object, Object::from_iter(dict));
        }
    }
}
