//! [`Tree`]: what a pickle has made so far. Lists and dictionaries may be shared, and are filled after they are shared.

use super::{MAX_PICKLED_VALUES, MAX_UNPICKLED, PickleError, Result};
use crate::bounds::MAX_JSON_DEPTH;
use crate::json::{Object, Value};

/// The number of a value in its tree.
pub(super) type Place = usize;

/// The values of a pickle, each in its place.
#[derive(Default)]
pub(super) struct Tree(Vec<Node>);

enum Node {
    /// A value that holds no other.
    Leaf(Value),
    /// A list, or a tuple.
    List(Vec<Place>),
    /// A dictionary: keys and values by turns.
    Dict(Vec<Place>),
}

impl Tree {
    pub(super) fn leaf(&mut self, value: Value) -> Result<Place> {
        self.add(Node::Leaf(value))
    }

    pub(super) fn list(&mut self, items: Vec<Place>) -> Result<Place> {
        self.add(Node::List(items))
    }

    pub(super) fn dict(&mut self) -> Result<Place> {
        self.add(Node::Dict(Vec::new()))
    }

    fn add(&mut self, node: Node) -> Result<Place> {
        if self.0.len() >= MAX_PICKLED_VALUES {
            return Err(PickleError::TooLarge);
        }
        self.0.push(node);
        Ok(self.0.len() - 1)
    }

    /// Puts more items into a list.
    pub(super) fn extend(&mut self, list: Place, items: Vec<Place>) -> Result<()> {
        match self.0.get_mut(list) {
            Some(Node::List(present)) => present.extend(items),
            _ => return Err(PickleError::Damaged),
        }
        Ok(())
    }

    /// Puts more keys and values into a dictionary.
    pub(super) fn update(&mut self, dict: Place, items: Vec<Place>) -> Result<()> {
        match self.0.get_mut(dict) {
            Some(Node::Dict(present)) if items.len().is_multiple_of(2) => present.extend(items),
            _ => return Err(PickleError::Damaged),
        }
        Ok(())
    }

    /// The text at that place.
    pub(super) fn text(&self, place: Place) -> Option<&str> {
        match self.0.get(place) {
            Some(Node::Leaf(Value::String(text))) => Some(text),
            _ => None,
        }
    }

    /// The value at that place, with all that is in it.
    pub(super) fn value(&self, place: Place) -> Result<Value> {
        let mut left = MAX_UNPICKLED;
        self.grown(place, MAX_JSON_DEPTH, &mut left)
    }

    /// What is in itself is as deep as it may be at some point, and refused.
    fn grown(&self, place: Place, depth: usize, left: &mut usize) -> Result<Value> {
        let node = self.0.get(place).ok_or(PickleError::Damaged)?;
        *left = left.checked_sub(node.weight()).ok_or(PickleError::TooLarge)?;
        let below = depth.checked_sub(1).ok_or(PickleError::TooLarge)?;
        match node {
            Node::Leaf(value) => Ok(value.clone()),
            Node::List(items) => {
                let items = items.iter().map(|item| self.grown(*item, below, left));
                items.collect::<Result<_>>().map(Value::Array)
            }
            Node::Dict(items) => {
                let mut object = Object::new();
                for [key, value] in items.as_chunks().0 {
                    let value = self.grown(*value, below, left)?;
                    object.insert(self.key(*key, left)?, value);
                }
                Ok(Value::Object(object))
            }
        }
    }

    fn key(&self, place: Place, left: &mut usize) -> Result<String> {
        let other = || PickleError::Object("a dictionary with a key that is no text".to_owned());
        let key = self.text(place).ok_or_else(other)?;
        *left = left.checked_sub(key.len()).ok_or(PickleError::TooLarge)?;
        Ok(key.to_owned())
    }
}

impl Node {
    /// What a copy of it takes, without what is in it.
    fn weight(&self) -> usize {
        let text = match self {
            Self::Leaf(Value::String(text)) => text.len(),
            _ => 0,
        };
        text.saturating_add(size_of::<Value>())
    }
}
