//! [`is_readable`]: whether a value is within the bounds of who reads pickles.

use super::{MAX_PICKLED_VALUES, MAX_UNPICKLED};
use crate::bounds::MAX_JSON_DEPTH;
use crate::json::{Object, Value};

/// Whether what [`dumps`](super::dumps) makes of it is read again.
pub(crate) fn is_readable(object: &Object) -> bool {
    let mut left = Left {
        values: MAX_PICKLED_VALUES,
        bytes: MAX_UNPICKLED,
    };
    left.object(object, MAX_JSON_DEPTH).is_some()
}

/// What is left of the bounds.
struct Left {
    values: usize,
    bytes: usize,
}

impl Left {
    fn value(&mut self, value: &Value, depth: usize) -> Option<()> {
        match value {
            Value::Object(object) => self.object(object, depth),
            Value::Array(items) => {
                let below = self.one(0, depth)?;
                items.iter().try_for_each(|item| self.value(item, below))
            }
            Value::String(text) => self.one(text.len(), depth).map(drop),
            _ => self.one(0, depth).map(drop),
        }
    }

    fn object(&mut self, object: &Object, depth: usize) -> Option<()> {
        let below = self.one(0, depth)?;
        object.iter().try_for_each(|(name, value)| {
            self.one(name.len(), below)?;
            self.value(value, below)
        })
    }

    /// Takes one value of a text so long; gives the depth that is left for what is in it.
    fn one(&mut self, text: usize, depth: usize) -> Option<usize> {
        self.values = self.values.checked_sub(1)?;
        self.bytes = self.bytes.checked_sub(text.saturating_add(size_of::<Value>()))?;
        depth.checked_sub(1)
    }
}
