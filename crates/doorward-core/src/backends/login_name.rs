use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use doorward_django::usernames::unicode_ci_eq;
use tokio::sync::OnceCell;

use crate::door::Door;
use crate::exceptions::Result;
use crate::stores::UserField;
use crate::user::{UserId, UserRow};

/// A name that somebody wants to log in by, and the users whom it names. Each look-up is made once, whoever asks for it.
pub struct LoginName {
    door: Door,
    text: String,
    by_username: OnceCell<Option<Arc<UserRow>>>,
    by_username_ignoring_case: OnceCell<Option<Arc<UserRow>>>,
    by_email: OnceCell<Option<Arc<UserRow>>>,
    /// Whose password was found to be another one.
    refuted: Mutex<Vec<UserId>>,
}

impl LoginName {
    /// That name, of which nothing was looked up yet.
    #[must_use]
    pub fn new(door: &Door, text: &str) -> Self {
        Self {
            door: door.clone(),
            text: text.to_owned(),
            by_username: OnceCell::new(),
            by_username_ignoring_case: OnceCell::new(),
            by_email: OnceCell::new(),
            refuted: Mutex::default(),
        }
    }

    /// The door: its stores, its settings.
    #[must_use]
    pub fn door(&self) -> &Door {
        &self.door
    }

    /// The name as it was sent; it may hold anything but NUL, which no database takes.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The user of exactly that name.
    ///
    /// # Errors
    /// What the store says.
    pub async fn by_username(&self) -> Result<Option<Arc<UserRow>>> {
        let users = &self.door.stores().users;
        let ask = || async { Ok(users.by_username(&self.text).await?) };
        self.by_username.get_or_try_init(ask).await.cloned()
    }

    /// The user of that name in whatever case: the one whose name is exactly that, else the only active one.
    ///
    /// # Errors
    /// What the store says.
    pub async fn by_username_ignoring_case(&self) -> Result<Option<Arc<UserRow>>> {
        let ask = || self.matching(UserField::Username, |user| &user.username);
        self.by_username_ignoring_case.get_or_try_init(ask).await.cloned()
    }

    /// The user of that e-mail address in whatever case, by the same rule.
    ///
    /// # Errors
    /// What the store says.
    pub async fn by_email(&self) -> Result<Option<Arc<UserRow>>> {
        let ask = || self.matching(UserField::Email, |user| &user.email);
        self.by_email.get_or_try_init(ask).await.cloned()
    }

    /// Whom the name means in that column. The database may take for the same what only looks alike.
    async fn matching(
        &self,
        field: UserField,
        column: impl Fn(&UserRow) -> &String + Send + Sync,
    ) -> Result<Option<Arc<UserRow>>> {
        let users = &self.door.stores().users;
        let mut found = users.by_field_ignoring_case(field, &self.text).await?;
        found.retain(|user| unicode_ci_eq(column(user), &self.text));
        let is_exact = |user: &Arc<UserRow>| *column(user) == self.text;
        if found.iter().any(is_exact) {
            found.retain(is_exact);
        }
        if found.len() > 1 {
            let all = found.clone();
            found.retain(|user| user.is_active);
            self.tell_unless_one(field, &found, &all);
        }
        Ok(found.pop().filter(|_| found.is_empty()))
    }

    /// Nobody is named by what names several: whoever runs the site is told once, by their ids.
    fn tell_unless_one(&self, field: UserField, active: &[Arc<UserRow>], all: &[Arc<UserRow>]) {
        let ids: Vec<UserId> = all.iter().map(|user| user.id.clone()).collect();
        if active.len() != 1 && self.door.twins().are_new(&ids) {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            tracing::warn!(
                user.ids = ids.join(" "),
                ?field,
                "a name to log in by is several users', and none is the only active one: it lets nobody in"
            );
        }
    }

    pub(super) fn refute(&self, user: UserId) {
        self.refuted_users().push(user);
    }

    /// Whose password was found to be another one, in any reading of what was sent.
    #[must_use]
    pub fn refuted(&self) -> Vec<UserId> {
        self.refuted_users().clone()
    }

    fn refuted_users(&self) -> MutexGuard<'_, Vec<UserId>> {
        self.refuted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for LoginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginName(…)")
    }
}
