use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::door::Door;
use crate::user::UserId;

/// So many are remembered; a site with more of them has other troubles than its log.
const MOST: usize = 1_000;

/// Users of one name that were told of already.
#[derive(Debug, Default)]
pub(crate) struct Twins(Mutex<BTreeSet<Vec<UserId>>>);

impl Door {
    /// Whom the log has told of.
    pub(super) fn twins(&self) -> &Twins {
        self.required_slot()
    }
}

impl Twins {
    /// Whether nobody was told of them yet.
    pub(crate) fn are_new(&self, ids: &[UserId]) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.len() < MOST && told.insert(ids.to_vec())
    }
}
