//! [`UserStore`]: the user table.

use std::fmt::Debug;
use std::sync::Arc;

use doorward_db::Value;
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_django::usernames::unicode_ci_eq;

use super::StoreAnswer;
use crate::answer::Answer;
use crate::user::{UserId, UserRow};

/// Users, in Django's `auth_user` or the table that the schema names.
pub trait UserStore: Debug + Send + Sync {
    /// The user with that primary key.
    fn by_id<'a>(&'a self, id: &'a UserId) -> StoreAnswer<'a, Option<Arc<UserRow>>>;

    /// The user with exactly that name (`get_by_natural_key`): case, accents and trailing spaces count.
    fn by_username<'a>(&'a self, username: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>>;

    /// The user whose column holds exactly that text (SimpleJWT's `USER_ID_FIELD`).
    fn by_field<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<Arc<UserRow>>>;

    /// Users whose column holds that text, but for the case of its letters (`iexact`); a hundred at most.
    ///
    /// Which letters have a case is the database's: ASCII's at least. Whoever takes one of them for the user that is
    /// meant compares once more, with [`unicode_ci_eq`](doorward_django::usernames::unicode_ci_eq).
    fn by_field_ignoring_case<'a>(
        &'a self,
        field: UserField,
        value: &'a str,
    ) -> StoreAnswer<'a, Vec<Arc<UserRow>>>;

    /// The primary key that a text stands for, or `None` where no row could have it: `"7"` for integer keys.
    fn parse_id(&self, text: &str) -> Option<UserId>;

    /// Inserts a user; the name is unique whoever else inserts at the same time.
    fn create(&self, user: NewUser) -> StoreAnswer<'_, Created>;

    /// As [`create`](Self::create), unless somebody has one of the names that the new user could log in by where those
    /// `fields` are looked up whatever their case ([`NewUser::claims`]), in one step with the insertion.
    ///
    /// The default looks first and inserts then: of two at once both may be made.
    fn create_unlike<'a>(&'a self, user: NewUser, fields: &'a [UserField]) -> StoreAnswer<'a, CreatedUnlike> {
        Answer::pending(async move {
            for claim in user.claims(fields) {
                let found = self.by_field_ignoring_case(claim.column, claim.text).await?;
                if claim.is_held_by(&found) {
                    return Ok(claim.refusal());
                }
            }
            Ok(self.create(user).await?.into())
        })
    }

    /// Replaces the encoded password.
    fn set_password<'a>(&'a self, id: &'a UserId, encoded: Secret<String>) -> StoreAnswer<'a, ()>;

    /// Replaces the encoded password only if it still is `from`; tells whether it was (difference 20).
    fn upgrade_password<'a>(
        &'a self,
        id: &'a UserId,
        from: &'a Secret<String>,
        to: Secret<String>,
    ) -> StoreAnswer<'a, bool>;

    /// Sets `last_login`.
    fn set_last_login<'a>(&'a self, id: &'a UserId, at: Timestamp) -> StoreAnswer<'a, ()>;

    /// Whether there is any user at all.
    fn is_empty(&self) -> StoreAnswer<'_, bool>;
}

/// A column of the user table that names a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserField {
    /// The primary key.
    Id,
    /// The user name.
    Username,
    /// The e-mail address.
    Email,
    /// One of the columns that `[user] fields` names, by its place from 0.
    Further(usize),
}

/// A user to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The user name, normalised already.
    pub username: String,
    /// The encoded password, or an unusable one.
    pub password: Secret<String>,
    /// The e-mail address, or empty.
    pub email: String,
    /// Whether the user may enter the admin site.
    pub is_staff: bool,
    /// Whether the user has every permission.
    pub is_superuser: bool,
    /// When the account is made.
    pub date_joined: Timestamp,
    /// What goes into columns that only the project knows, by their names.
    pub further: Vec<(String, Value)>,
}

/// What became of [`UserStore::create`].
#[derive(Clone, Debug)]
pub enum Created {
    /// The new row.
    User(Arc<UserRow>),
    /// Somebody has that name.
    UsernameTaken,
}

/// What became of [`UserStore::create_unlike`].
#[derive(Clone, Debug)]
pub enum CreatedUnlike {
    /// The new row.
    User(Arc<UserRow>),
    /// Somebody has that name, or one that the backends take for the same.
    UsernameTaken,
    /// Somebody has that e-mail address, or is called so.
    EmailTaken,
}

impl From<Created> for CreatedUnlike {
    fn from(created: Created) -> Self {
        match created {
            Created::User(user) => Self::User(user),
            Created::UsernameTaken => Self::UsernameTaken,
        }
    }
}

/// A text that nobody else may have in a column, whatever its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// The column.
    pub column: UserField,
    /// The new user's name or address.
    pub text: &'a str,
    /// Which of the two it is.
    source: UserField,
}

impl Claim<'_> {
    /// Whether one of those users, whom the database takes for alike, has it.
    #[must_use]
    pub fn is_held_by(&self, found: &[Arc<UserRow>]) -> bool {
        found.iter().any(|user| match self.column {
            UserField::Email => unicode_ci_eq(&user.email, self.text),
            _ => unicode_ci_eq(&user.username, self.text),
        })
    }

    /// What is answered where somebody has it.
    #[must_use]
    pub fn refusal(&self) -> CreatedUnlike {
        match self.source {
            UserField::Email => CreatedUnlike::EmailTaken,
            _ => CreatedUnlike::UsernameTaken,
        }
    }
}

impl NewUser {
    /// What the new user would be found by where those columns are looked up whatever their case. Where addresses are
    /// looked up, nobody's name may be another's address.
    #[must_use]
    pub fn claims(&self, fields: &[UserField]) -> Vec<Claim<'_>> {
        let claim = |column, source, text| Claim { column, text, source };
        let (username, email) = (self.username.as_str(), self.email.as_str());
        let mut claims = Vec::new();
        if fields.contains(&UserField::Username) {
            claims.push(claim(UserField::Username, UserField::Username, username));
        }
        if fields.contains(&UserField::Email) {
            claims.push(claim(UserField::Email, UserField::Username, username));
            claims.push(claim(UserField::Email, UserField::Email, email));
            claims.push(claim(UserField::Username, UserField::Email, email));
        }
        claims.retain(|claim| !claim.text.is_empty());
        claims
    }
}
