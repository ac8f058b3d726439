//! [`ValidatedData`]: what a serializer made of a body (`Serializer.validated_data`).

use std::collections::HashMap;

use std::fmt;

use doorward_django::json::{Object, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{ValidatedValue, json};
use crate::exceptions::Result;

/// The validated values by their sources, in the order of the fields. What was not sent and has no default is missing.
///
/// `Debug` shows the names alone: there may be a password among the values.
#[derive(Clone, Default, PartialEq)]
pub struct ValidatedData(Vec<(String, ValidatedValue)>);

impl fmt::Debug for ValidatedData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

impl ValidatedData {
    /// The value of that name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&ValidatedValue> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// The text of that name, where it is one.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(ValidatedValue::as_str)
    }

    /// The value of that name, for whoever needs it; it is not among the others any more.
    pub fn take(&mut self, name: &str) -> Option<ValidatedValue> {
        let position = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(position).1)
    }

    /// The text of that name, as [`take`](Self::take) gives it.
    pub fn take_text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            ValidatedValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Adds a value, such as the owner of what is created (`serializer.save(owner=…)`); one of that name is replaced.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<ValidatedValue>) {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name, value)),
        }
    }

    /// Names and values in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ValidatedValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The data in JSON; see [`ValidatedValue::into_json`].
    #[must_use]
    pub fn into_json(self) -> Value {
        let members = self.0.into_iter().map(|(name, value)| (name, value.into_json()));
        Value::Object(members.collect())
    }

    /// The data as a type of one's own.
    ///
    /// # Errors
    /// 500 where the serializer lets pass what the type does not hold: that is a mistake in the program.
    pub fn deserialize<T: DeserializeOwned>(self) -> Result<T> {
        json::from_value(&self.into_json())
    }

    /// What becomes of an object when it gets these values (`Serializer.update`); what is not among them stays.
    ///
    /// # Errors
    /// 500 where the values do not fit the type: that is a mistake in the program.
    pub fn update<T: Serialize + DeserializeOwned>(self, object: &T) -> Result<T> {
        let mut known = json::to_value(object)?;
        merge(&mut known, self.into_json());
        json::from_value(&known)
    }

    /// As [`insert`](Self::insert) for each, in a time that grows with their number alone.
    fn insert_all(&mut self, data: Self) {
        let known = self.0.iter().enumerate();
        let mut places: HashMap<String, usize> =
            known.map(|(place, (name, _))| (name.clone(), place)).collect();
        for (name, value) in data.0 {
            match places.get(&name).and_then(|place| self.0.get_mut(*place)) {
                Some((_, known)) => *known = value,
                None => {
                    places.insert(name.clone(), self.0.len());
                    self.0.push((name, value));
                }
            }
        }
    }

    /// Adds a value under a dotted source; under `*`, all members of a dictionary (`Serializer.set_value`).
    pub(super) fn insert_at(&mut self, source: &[&str], value: ValidatedValue) {
        match (source, value) {
            ([], ValidatedValue::Dict(data)) => self.insert_all(data),
            ([], _) => {}
            ([name], value) => self.insert(*name, value),
            ([name, rest @ ..], value) => {
                let mut inner = match self.value(name) {
                    Some(ValidatedValue::Dict(known)) => known.clone(),
                    _ => Self::default(),
                };
                inner.insert_at(rest, value);
                self.insert(*name, inner);
            }
        }
    }
}

impl FromIterator<(String, ValidatedValue)> for ValidatedData {
    fn from_iter<I: IntoIterator<Item = (String, ValidatedValue)>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

fn merge(known: &mut Value, new: Value) {
    match (known, new) {
        (Value::Object(known), Value::Object(new)) => merge_objects(known, new),
        (known, new) => *known = new,
    }
}

fn merge_objects(known: &mut Object, new: Object) {
    for (name, value) in new {
        drop(known.insert(name, value));
    }
}
