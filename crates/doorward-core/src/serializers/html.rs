//! Lists and dictionaries in the names of a form's fields (`rest_framework.utils.html`).

use std::collections::BTreeMap;

use super::Primitive;
use crate::parsers::{FormData, FormValue};

/// Fields of a form, or those of them that belong to one nested dictionary (`django.utils.datastructures.MultiValueDict`).
#[derive(Clone, Debug, Default)]
pub struct MultiDict<'d>(Vec<(&'d str, &'d FormValue)>);

impl<'d> MultiDict<'d> {
    /// All fields of a form.
    #[must_use]
    pub fn new(form: &'d FormData) -> Self {
        Self(form.iter().collect())
    }

    /// The last value of a name.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<&'d FormValue> {
        let mut values = self.0.iter().rev();
        values.find(|(field, _)| *field == name).map(|(_, value)| *value)
    }

    /// All values of a name (`getlist`).
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<Primitive<'d>> {
        let values = self.0.iter().filter(|(field, _)| *field == name);
        values.map(|(_, value)| Primitive::from(*value)).collect()
    }

    /// The names and their last values, in the order of the names.
    #[must_use]
    pub fn members(&self) -> Vec<(&'d str, Primitive<'d>)> {
        let mut members: Vec<(&str, Primitive<'_>)> = Vec::new();
        for (name, value) in &self.0 {
            match members.iter_mut().find(|(known, _)| known == name) {
                Some((_, last)) => *last = Primitive::from(*value),
                None => members.push((name, Primitive::from(*value))),
            }
        }
        members
    }

    /// `prefix.name=…`: the fields of a nested dictionary (`parse_html_dict`); `None` where there are none.
    #[must_use]
    pub fn dict(&self, prefix: &str) -> Option<Self> {
        let fields = self.0.iter().filter_map(|(name, value)| {
            let key = name.strip_prefix(prefix)?.strip_prefix('.')?;
            (!key.is_empty() && !key.contains('\n')).then_some((key, *value))
        });
        let fields: Vec<_> = fields.collect();
        (!fields.is_empty()).then_some(Self(fields))
    }

    /// `prefix[0]=…` and `prefix[0]name=…`: the items of a list, by their numbers (`parse_html_list`); `None` where there are none.
    #[must_use]
    pub fn list(&self, prefix: &str) -> Option<Vec<Primitive<'d>>> {
        let mut items = BTreeMap::new();
        for (name, value) in &self.0 {
            let Some((index, key)) = name.strip_prefix(prefix).and_then(indexed) else {
                continue;
            };
            let item = items.entry((index.len(), index)).or_insert_with(Item::default);
            item.add(key, value);
        }
        let items: Vec<_> = items.into_values().filter_map(Item::into_primitive).collect();
        (!items.is_empty()).then_some(items)
    }
}

/// `[12]name` as `12` without leading zeros, and `name`.
fn indexed(name: &str) -> Option<(&str, &str)> {
    let (index, key) = name.strip_prefix('[')?.split_once(']')?;
    let is_number = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !key.contains('\n')).then(|| (index.trim_start_matches('0'), key))
}

/// What a form says of one item of a list: a value, or a dictionary; what comes later counts.
#[derive(Default)]
struct Item<'d> {
    value: Option<&'d FormValue>,
    fields: Vec<(&'d str, &'d FormValue)>,
}

impl<'d> Item<'d> {
    fn add(&mut self, key: &'d str, value: &'d FormValue) {
        if key.is_empty() {
            self.value = Some(value);
            self.fields.clear();
            return;
        }
        self.value = None;
        self.fields.retain(|(known, _)| *known != key);
        self.fields.push((key, value));
    }

    fn into_primitive(self) -> Option<Primitive<'d>> {
        match self.value {
            Some(value) => Some(Primitive::from(value)),
            None if self.fields.is_empty() => None,
            None => Some(Primitive::form(MultiDict(self.fields))),
        }
    }
}
