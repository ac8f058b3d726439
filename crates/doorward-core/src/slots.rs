//! [`Slots`]: values by their type, for what each module keeps with the door.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// At most one value of each type. A look-up allocates nothing and asks for no lock.
#[derive(Clone, Default)]
pub(crate) struct Slots(HashMap<TypeId, Arc<dyn Any + Send + Sync>, BuildHasherDefault<AsItIs>>);

impl Slots {
    /// The same with that value, in place of one of its type.
    #[must_use]
    pub(crate) fn with<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.0.insert(TypeId::of::<T>(), Arc::new(value));
        self
    }

    /// The same with a value that others have too.
    #[must_use]
    pub(crate) fn with_shared<T: Send + Sync + 'static>(mut self, value: Arc<T>) -> Self {
        self.0.insert(TypeId::of::<T>(), value);
        self
    }

    /// The same with that value, if it is one.
    #[must_use]
    pub(crate) fn with_some<T: Send + Sync + 'static>(self, value: Option<T>) -> Self {
        match value {
            Some(value) => self.with(value),
            None => self,
        }
    }

    /// The value of that type; `None` where none was put in.
    pub(crate) fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.0.get(&TypeId::of::<T>())?.downcast_ref()
    }

    /// The same, to be kept by who asks.
    pub(crate) fn shared<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        Arc::clone(self.0.get(&TypeId::of::<T>())?).downcast().ok()
    }
}

impl fmt::Debug for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slots({})", self.0.len())
    }
}

/// A [`TypeId`] is a hash already.
#[derive(Clone, Copy, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_hold_one_value_of_each_type() {
        let slots = Slots::default()
            .with(1_u8)
            .with("one")
            .with(2_u8)
            .with_shared(Arc::new('c'))
            .with_some(None::<u16>);
        assert_eq!(slots.get::<u8>(), Some(&2));
        assert_eq!(slots.get::<&str>(), Some(&"one"));
        assert_eq!(slots.get::<char>(), Some(&'c'));
        assert_eq!(slots.get::<u16>(), None);
        assert_eq!(slots.with_some(Some(3_u16)).get::<u16>(), Some(&3));
    }
}
