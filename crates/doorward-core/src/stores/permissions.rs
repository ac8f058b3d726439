//! [`PermissionStore`]: groups and permissions.

use std::collections::BTreeSet;
use std::fmt::Debug;

use super::{StoreAnswer, one_by_one};
use crate::user::UserId;

/// What users belong to and may do (`django.contrib.auth.models.Group`, `Permission`).
pub trait PermissionStore: Debug + Send + Sync {
    /// The names of the user's groups.
    fn groups<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>>;

    /// The user's permissions, own and by group, as `app_label.codename`.
    ///
    /// Superusers and inactive users are not looked at here: the rule for them is
    /// `django.contrib.auth.models.User.has_perm`'s.
    fn permissions<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>>;

    /// The [`groups`](Self::groups) of several users at once, each in its place: one statement, where the store can.
    fn groups_of<'a>(&'a self, users: &'a [UserId]) -> StoreAnswer<'a, Vec<BTreeSet<String>>> {
        one_by_one(users, |user| self.groups(user))
    }

    /// The [`permissions`](Self::permissions) of several users at once, each in its place: one statement, where the store can.
    fn permissions_of<'a>(&'a self, users: &'a [UserId]) -> StoreAnswer<'a, Vec<BTreeSet<String>>> {
        one_by_one(users, |user| self.permissions(user))
    }
}
