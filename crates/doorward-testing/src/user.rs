//! [`TestUser`]: a user whose password the test knows.

use std::fmt;

use doorward_core::UserId;
use doorward_core::stores::{Created, NewUser};
use doorward_django::secret::Secret;

use crate::TestDoor;
use crate::failure::fail;

/// A user whose password the test knows.
#[derive(Clone)]
pub struct TestUser {
    id: UserId,
    username: String,
    email: String,
    password: String,
}

impl TestUser {
    /// A user who was made otherwise: by the application, or in a database.
    #[must_use]
    pub fn known(id: impl Into<UserId>, username: &str, password: &str) -> Self {
        Self {
            id: id.into(),
            username: username.to_owned(),
            email: String::new(),
            password: password.to_owned(),
        }
    }

    /// The primary key.
    #[must_use]
    pub fn id(&self) -> &UserId {
        &self.id
    }

    /// The name to log in with.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.username
    }

    /// The e-mail address.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    /// The password, as it was typed.
    #[must_use]
    pub fn password(&self) -> &str {
        &self.password
    }
}

impl fmt::Debug for TestUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestUser")
            .field("id", &self.id)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

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
#[derive(Debug)]
#[must_use = "a user is made by `create`"]
pub struct NewTestUser<'d> {
    door: &'d TestDoor,
    user: TestUser,
    rank: Rank,
    state: State,
    groups: Vec<String>,
    permissions: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

impl<'d> NewTestUser<'d> {
    pub(crate) fn new(door: &'d TestDoor, username: &str) -> Self {
        let user = TestUser {
            id: UserId::Int(0),
            username: username.to_owned(),
            email: format!("{username}@example.com"),
            password: format!("the password of {username}"),
        };
        Self {
            door,
            user,
            rank: Rank::Plain,
            state: State::Active,
            groups: Vec::new(),
            permissions: Vec::new(),
        }
    }

    /// With that e-mail address.
    pub fn email(mut self, email: &str) -> Self {
        email.clone_into(&mut self.user.email);
        self
    }

    /// With that password; no validator is asked.
    pub fn password(mut self, password: &str) -> Self {
        password.clone_into(&mut self.user.password);
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

    /// Makes the user.
    ///
    /// # Panics
    /// Where somebody has that name.
    pub async fn create(self) -> TestUser {
        let id = self.insert().await;
        let memory = self.door.memory();
        for group in &self.groups {
            memory.add_to_group(&id, group);
        }
        for permission in &self.permissions {
            memory.grant(&id, permission);
        }
        memory.change_user(&id, |row| row.is_active = self.state == State::Active);
        TestUser { id, ..self.user }
    }

    async fn insert(&self) -> UserId {
        let new = NewUser {
            username: self.user.username.clone(),
            password: self.encoded().await,
            email: self.user.email.clone(),
            is_staff: self.rank >= Rank::Staff,
            is_superuser: self.rank == Rank::Superuser,
            date_joined: self.door.now(),
        };
        match self.door.stores().users.create(new).await {
            Ok(Created::User(row)) => row.id.clone(),
            Ok(Created::UsernameTaken) => {
                fail(format_args!("there is a user `{}` already", self.user.username))
            }
            Err(error) => fail(error),
        }
    }

    async fn encoded(&self) -> Secret<String> {
        let password = Secret::new(self.user.password.clone());
        let made = self.door.passwords().make(&password, self.door.random()).await;
        made.expect("one test does not fill the queue of hashes")
    }
}
