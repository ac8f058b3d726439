use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_django::usernames::unicode_ci_eq;
use subtle::ConstantTimeEq;

use super::lock;
use crate::answer::Answer;
use crate::stores::{Created, CreatedUnlike, NewUser, StoreAnswer, UserField, UserStore};
use crate::user::{UserId, UserRow};

/// The user table.
#[derive(Debug, Default)]
pub(super) struct MemoryUsers(Mutex<Rows>);

type Rows = BTreeMap<UserId, Arc<UserRow>>;

impl MemoryUsers {
    pub(super) fn put(&self, user: UserRow) {
        lock(&self.0).insert(user.id.clone(), Arc::new(user));
    }

    pub(super) fn change(&self, id: &UserId, change: impl FnOnce(&mut UserRow)) {
        if let Some(row) = lock(&self.0).get_mut(id) {
            change(Arc::make_mut(row));
        }
    }

    pub(super) fn remove(&self, id: &UserId) {
        lock(&self.0).remove(id);
    }

    pub(super) fn find(&self, id: &UserId) -> Option<Arc<UserRow>> {
        lock(&self.0).get(id).cloned()
    }

    pub(super) fn find_by_field(&self, field: UserField, value: &str) -> Option<Arc<UserRow>> {
        match field {
            UserField::Id => self.parse_id(value).and_then(|id| self.find(&id)),
            UserField::Username => self.only(|row| row.username == value),
            UserField::Email => self.only(|row| row.email == value),
        }
    }

    /// Replaces the encoded password, if it still is `old` where that is given; tells whether it did.
    pub(super) fn replace_password(
        &self,
        id: &UserId,
        old: Option<&Secret<String>>,
        new: Secret<String>,
    ) -> bool {
        let is = |row: &UserRow, old: &Secret<String>| -> bool {
            let (present, old) = (row.password.expose().as_bytes(), old.expose().as_bytes());
            present.ct_eq(old).into()
        };
        let mut is_replaced = false;
        self.change(id, |row| {
            is_replaced = old.is_none_or(|old| is(row, old));
            if is_replaced {
                row.password = new;
            }
        });
        is_replaced
    }

    /// The one row that fits; an address that two users share names neither.
    fn only(&self, fits: impl Fn(&UserRow) -> bool) -> Option<Arc<UserRow>> {
        let rows = lock(&self.0);
        let mut found = rows.values().filter(|row| fits(row));
        let only = found.next()?;
        found.next().is_none().then(|| Arc::clone(only))
    }
}

impl UserStore for MemoryUsers {
    fn by_id<'a>(&'a self, id: &'a UserId) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        Answer::ready(Ok(self.find(id)))
    }

    fn by_username<'a>(&'a self, username: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        Answer::ready(Ok(self.only(|row| row.username == username)))
    }

    fn by_field<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>> {
        Answer::ready(Ok(self.find_by_field(field, value)))
    }

    fn by_field_ignoring_case<'a>(
        &'a self,
        field: UserField,
        value: &'a str,
    ) -> StoreAnswer<'a, Vec<Arc<UserRow>>> {
        Answer::ready(Ok(alike(&lock(&self.0), field, value)))
    }

    fn parse_id(&self, text: &str) -> Option<UserId> {
        text.parse().ok().map(UserId::Int)
    }

    fn create(&self, user: NewUser) -> StoreAnswer<'_, Created> {
        Answer::ready(Ok(insert(&mut lock(&self.0), user)))
    }

    fn create_unlike<'a>(&'a self, user: NewUser, fields: &'a [UserField]) -> StoreAnswer<'a, CreatedUnlike> {
        let mut rows = lock(&self.0);
        let mut claims = user.claims(fields).into_iter();
        let held = claims.find(|claim| claim.is_held_by(&alike(&rows, claim.column, claim.text)));
        let refusal = held.map(|claim| claim.refusal());
        Answer::ready(Ok(refusal.unwrap_or_else(|| insert(&mut rows, user).into())))
    }

    fn set_password<'a>(&'a self, id: &'a UserId, encoded: Secret<String>) -> StoreAnswer<'a, ()> {
        self.change(id, |row| row.password = encoded);
        Answer::ready(Ok(()))
    }

    fn upgrade_password<'a>(
        &'a self,
        id: &'a UserId,
        from: &'a Secret<String>,
        to: Secret<String>,
    ) -> StoreAnswer<'a, bool> {
        Answer::ready(Ok(self.replace_password(id, Some(from), to)))
    }

    fn set_last_login<'a>(&'a self, id: &'a UserId, at: Timestamp) -> StoreAnswer<'a, ()> {
        self.change(id, |row| row.last_login = Some(at));
        Answer::ready(Ok(()))
    }

    fn is_empty(&self) -> StoreAnswer<'_, bool> {
        Answer::ready(Ok(lock(&self.0).is_empty()))
    }
}

fn alike(rows: &Rows, field: UserField, value: &str) -> Vec<Arc<UserRow>> {
    let fits = |row: &UserRow| match field {
        UserField::Id => row.id.to_string() == value,
        UserField::Username => unicode_ci_eq(&row.username, value),
        UserField::Email => unicode_ci_eq(&row.email, value),
    };
    let found = rows.values().filter(|row| fits(row)).take(100);
    found.cloned().collect()
}

fn insert(rows: &mut Rows, user: NewUser) -> Created {
    if rows.values().any(|row| row.username == user.username) {
        return Created::UsernameTaken;
    }
    let row = Arc::new(row(next_id(rows), user));
    rows.insert(row.id.clone(), Arc::clone(&row));
    Created::User(row)
}

fn next_id(rows: &Rows) -> UserId {
    let numbers = rows.keys().filter_map(|id| match id {
        UserId::Int(number) => Some(*number),
        UserId::Uuid(_) | UserId::Text(_) => None,
    });
    UserId::Int(numbers.max().unwrap_or(0).saturating_add(1))
}

fn row(id: UserId, user: NewUser) -> UserRow {
    UserRow {
        id,
        username: user.username,
        password: user.password,
        email: user.email,
        first_name: String::new(),
        last_name: String::new(),
        is_active: true,
        is_staff: user.is_staff,
        is_superuser: user.is_superuser,
        last_login: None,
        date_joined: user.date_joined,
    }
}
