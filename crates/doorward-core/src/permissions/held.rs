//! What a caller may do (`django.contrib.auth.models.PermissionsMixin`, `django.contrib.auth.backends.ModelBackend`).

use std::collections::BTreeSet;

use tokio::sync::OnceCell;

use crate::answer::Answer;
use crate::context::Context;
use crate::exceptions::Result;
use crate::user::{User, UserId};

/// The caller's groups and permissions, once somebody has asked: each is looked up at most once per request.
#[derive(Debug, Default)]
struct Held {
    groups: OnceCell<BTreeSet<String>>,
    permissions: OnceCell<BTreeSet<String>>,
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
            Standing::ToLookUp(id) => Answer::pending(async move {
                let held = cx.permissions_of(id).await?;
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
        let look_up = async || Ok(self.door().stores().permissions.groups(id).await?);
        self.note::<Held>().groups.get_or_try_init(look_up).await
    }

    async fn permissions_of(&self, id: &'r UserId) -> Result<&'r BTreeSet<String>> {
        let look_up = async || Ok(self.door().stores().permissions.permissions(id).await?);
        self.note::<Held>().permissions.get_or_try_init(look_up).await
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
