use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use super::lock;
use crate::answer::Answer;
use crate::stores::{PermissionStore, StoreAnswer};
use crate::user::UserId;

/// Groups and permissions by user.
#[derive(Debug, Default)]
pub(super) struct MemoryPermissions(Mutex<BTreeMap<UserId, Held>>);

#[derive(Debug, Default)]
struct Held {
    groups: BTreeSet<String>,
    permissions: BTreeSet<String>,
}

impl MemoryPermissions {
    pub(super) fn add_to_group(&self, user: &UserId, group: &str) {
        let mut rows = lock(&self.0);
        rows.entry(user.clone())
            .or_default()
            .groups
            .insert(group.to_owned());
    }

    pub(super) fn grant(&self, user: &UserId, permission: &str) {
        let mut rows = lock(&self.0);
        let held = rows.entry(user.clone()).or_default();
        held.permissions.insert(permission.to_owned());
    }

    fn names(&self, user: &UserId, which: impl Fn(&Held) -> &BTreeSet<String>) -> BTreeSet<String> {
        lock(&self.0)
            .get(user)
            .map(|held| which(held).clone())
            .unwrap_or_default()
    }
}

impl PermissionStore for MemoryPermissions {
    fn groups<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>> {
        Answer::ready(Ok(self.names(user, |held| &held.groups)))
    }

    fn permissions<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>> {
        Answer::ready(Ok(self.names(user, |held| &held.permissions)))
    }
}
