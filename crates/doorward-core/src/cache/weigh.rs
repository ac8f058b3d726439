//! [`Weigh`]: how much memory a fact takes.

use std::collections::BTreeSet;
use std::sync::Arc;

use doorward_django::secret::Secret;

use super::sessions::{KnownSession, SessionOwner};
use crate::stores::{AuthToken, TokenHolder};
use crate::user::{UserId, UserRow};

/// What an allocation takes beside what is in it: a header, and up to the next multiple of 16.
const ALLOCATION: usize = 16;

/// The two counts of an `Arc`.
const COUNTS: usize = 2 * size_of::<usize>();

/// What a place in a `BTreeSet` takes beside its text: its leaf is nearly full, or two thirds of it.
const LEAF: usize = size_of::<String>() + size_of::<String>() / 2;

/// How much memory belongs to something beside its own size, in bytes. It is measured: `tests/cache_memory.rs`.
pub(crate) trait Weigh {
    /// In bytes; about so many.
    fn heap(&self) -> usize;
}

impl Weigh for () {
    fn heap(&self) -> usize {
        0
    }
}

impl Weigh for str {
    fn heap(&self) -> usize {
        match self.len() {
            0 => 0,
            length => length.saturating_add(ALLOCATION),
        }
    }
}

impl Weigh for Secret<String> {
    fn heap(&self) -> usize {
        self.expose().heap()
    }
}

impl<T: Weigh> Weigh for Arc<T> {
    fn heap(&self) -> usize {
        COUNTS + ALLOCATION + size_of::<T>() + T::heap(self)
    }
}

impl<T: Weigh, U: Weigh> Weigh for (T, U) {
    fn heap(&self) -> usize {
        self.0.heap().saturating_add(self.1.heap())
    }
}

impl Weigh for BTreeSet<String> {
    fn heap(&self) -> usize {
        self.iter().map(|text| LEAF + text.heap()).sum()
    }
}

impl Weigh for UserId {
    fn heap(&self) -> usize {
        match self {
            Self::Int(_) | Self::Uuid(_) => 0,
            Self::Text(text) => COUNTS + text.heap(),
        }
    }
}

impl Weigh for UserRow {
    fn heap(&self) -> usize {
        let texts = [&self.username, self.password.expose(), &self.email];
        let names = [&self.first_name, &self.last_name];
        let texts: usize = texts.into_iter().chain(names).map(|text| text.heap()).sum();
        texts + self.id.heap() + self.further.heap()
    }
}

impl Weigh for AuthToken {
    fn heap(&self) -> usize {
        self.key.heap() + self.user.heap()
    }
}

impl Weigh for TokenHolder {
    fn heap(&self) -> usize {
        self.user.heap()
    }
}

impl Weigh for SessionOwner {
    fn heap(&self) -> usize {
        let texts = [self.user(), self.backend(), Some(self.hash())];
        texts.into_iter().flatten().map(str::heap).sum()
    }
}

impl Weigh for KnownSession {
    fn heap(&self) -> usize {
        self.owner.heap()
    }
}
