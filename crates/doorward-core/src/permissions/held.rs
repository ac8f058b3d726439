//! What a caller may do (`django.contrib.auth.models.PermissionsMixin`, `django.contrib.auth.backends.ModelBackend`).

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use crate::answer::Answer;
use crate::context::Context;
use crate::exceptions::Result;
use crate::user::{User, UserId};

/// The caller's groups and permissions, once somebody has asked: each is looked up at most once per request.
#[derive(Debug, Default)]
struct Held {
    groups: OnceLock<Arc<BTreeSet<String>>>,
    permissions: OnceLock<Arc<BTreeSet<String>>>,
}

/// What anonymous callers and the bearers of stateless tokens hold.
static NOTHING: BTreeSet<String> = BTreeSet::new();

impl<'r> Context<'r> {
    /// Whether the caller has that permission, named `app_label.codename` (`User.has_perm`).
    ///
    /// Active superusers have every permission, inactive users and the bearers of stateless tokens none; for the
    /// others their own permissions count and their groups'. Anonymous callers have none.
    ///
    /// # Errors
    /// 503 or 500 where the store cannot say.
    ///
    /// ```
    /// use doorward_core::{Context, Result};
    ///
    /// async fn may_publish(cx: &Context<'_>) -> Result<bool> {
    ///     cx.has_perm("news.publish_article").await
    /// }
    /// ```
    pub async fn has_perm(&self, permission: &str) -> Result<bool> {
        self.has_perms(&[permission]).await
    }

    /// Whether the caller has all those permissions (`User.has_perms`). Of an empty list everyone has all, save the
    /// bearers of stateless tokens, who have none of anything (`rest_framework_simplejwt.models.TokenUser`).
    ///
    /// # Errors
    /// As [`Context::has_perm`].
    pub fn has_perms<'a, P>(&self, permissions: &'a [P]) -> Answer<'a, Result<bool>>
    where
        'r: 'a,
        P: AsRef<str> + Sync,
    {
        let cx = *self;
        match cx.standing(permissions.is_empty()) {
            Standing::Known(answer) => Answer::ready(Ok(answer)),
            Standing::ToLookUp(id) => cx.permissions_of(id).map(|held| {
                let held = held?;
                Ok(permissions.iter().all(|wanted| held.contains(wanted.as_ref())))
            }),
        }
    }

    /// The names of the caller's groups.
    ///
    /// # Errors
    /// As [`Context::has_perm`].
    pub async fn groups(&self) -> Result<&'r BTreeSet<String>> {
        let Some(id) = self.user().and_then(User::row).map(|row| &row.id) else {
            return Ok(&NOTHING);
        };
        let note = &self.note::<Held>().groups;
        if let Some(held) = note.get() {
            return Ok(held);
        }
        let held = self.door().principals().groups(id).await?;
        Ok(note.get_or_init(|| held))
    }

    /// At once where they are remembered.
    fn permissions_of(&self, id: &'r UserId) -> Answer<'r, Result<&'r BTreeSet<String>>> {
        let note = &self.note::<Held>().permissions;
        if let Some(held) = note.get() {
            return Answer::ready(Ok(held));
        }
        self.door().principals().permissions(id).map(|held| {
            let held = held?;
            Ok(&**note.get_or_init(|| held))
        })
    }

    /// What is known of a caller without a look at any store.
    pub(super) fn standing(&self, asks_for_nothing: bool) -> Standing<'r> {
        let Some(user) = self.user() else {
            return Standing::Known(asks_for_nothing);
        };
        let Some(row) = user.row() else {
            return Standing::Known(false);
        };
        match (row.is_active, row.is_superuser) {
            _ if asks_for_nothing => Standing::Known(true),
            (false, _) => Standing::Known(false),
            (true, true) => Standing::Known(true),
            (true, false) => Standing::ToLookUp(&row.id),
        }
    }
}

/// Whether a caller has permissions, as far as the caller alone tells.
pub(super) enum Standing<'r> {
    Known(bool),
    ToLookUp(&'r UserId),
}
