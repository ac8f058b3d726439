//! [`NewTestUser`]: a user who is to be made.

use std::fmt;
use std::sync::Arc;

use doorward_auth::accounts::{NewAccount, create_superuser, create_user};
use doorward_core::user::UserRow;
use doorward_django::secret::Secret;

use super::TestDoor;
use crate::TestUser;
use crate::failure::fail;

/// A user to be made: active, neither staff nor superuser, in no group, unless said otherwise.
///
/// ```
/// use doorward_testing::TestDoor;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let door = TestDoor::new();
/// let alice = door.user("alice").group("premium").permission("catalog.view_product").create().await;
/// assert_eq!(alice.email(), "alice@example.com");
/// let root = door.user("root").superuser().password("toor").create().await;
/// assert_eq!(root.password(), "toor");
/// # });
/// ```
#[must_use = "a user is made by `create`"]
pub struct NewTestUser<'d> {
    door: &'d TestDoor,
    username: String,
    email: String,
    password: String,
    rank: Rank,
    state: State,
    groups: Vec<String>,
    permissions: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rank {
    Plain,
    Staff,
    Superuser,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Active,
    Inactive,
}

impl fmt::Debug for NewTestUser<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewTestUser")
            .field("username", &self.username)
            .field("rank", &self.rank)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl<'d> NewTestUser<'d> {
    pub(super) fn new(door: &'d TestDoor, username: &str) -> Self {
        Self {
            door,
            username: username.to_owned(),
            email: format!("{username}@example.com"),
            password: format!("the password of {username}"),
            rank: Rank::Plain,
            state: State::Active,
            groups: Vec::new(),
            permissions: Vec::new(),
        }
    }

    /// With that e-mail address.
    pub fn email(mut self, email: &str) -> Self {
        email.clone_into(&mut self.email);
        self
    }

    /// With that password; no validator is asked.
    pub fn password(mut self, password: &str) -> Self {
        password.clone_into(&mut self.password);
        self
    }

    /// A member of staff: what [`IsAdminUser`](doorward_core::permissions::IsAdminUser) asks.
    pub fn staff(mut self) -> Self {
        self.rank = Rank::Staff;
        self
    }

    /// A superuser, who is staff too.
    pub fn superuser(mut self) -> Self {
        self.rank = Rank::Superuser;
        self
    }

    /// Someone whose account is switched off.
    pub fn inactive(mut self) -> Self {
        self.state = State::Inactive;
        self
    }

    /// In one more group.
    pub fn group(mut self, name: &str) -> Self {
        self.groups.push(name.to_owned());
        self
    }

    /// With one more permission, as `app_label.codename`.
    pub fn permission(mut self, name: &str) -> Self {
        self.permissions.push(name.to_owned());
        self
    }

    /// Makes the user as [`create_user`] does: subscribers are told, and no validator is asked.
    ///
    /// # Panics
    /// Where the name is impossible, or somebody has it.
    pub async fn create(self) -> TestUser {
        let row = self.insert().await;
        let memory = self.door.memory();
        for group in &self.groups {
            memory.add_to_group(&row.id, group);
        }
        for permission in &self.permissions {
            memory.grant(&row.id, permission);
        }
        if self.state == State::Inactive {
            memory.change_user(&row.id, |row| row.is_active = false);
        }
        TestUser::known(&row, &self.password)
    }

    async fn insert(&self) -> Arc<UserRow> {
        let account = NewAccount {
            username: self.username.clone(),
            email: self.email.clone(),
            password: Some(Secret::new(self.password.clone())),
            is_staff: self.rank == Rank::Staff,
            further: Vec::new(),
        };
        let made = match self.rank {
            Rank::Superuser => create_superuser(self.door, account).await,
            Rank::Plain | Rank::Staff => create_user(self.door, account).await,
        };
        made.unwrap_or_else(|error| fail(format_args!("there can be no user `{}`: {error}", self.username)))
    }
}
