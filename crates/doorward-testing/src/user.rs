//! [`TestUser`]: a user whose password the test knows.

use std::fmt;

use doorward_core::UserId;
use doorward_core::user::UserRow;

/// A user whose password the test knows.
#[derive(Clone)]
pub struct TestUser {
    id: UserId,
    username: String,
    email: String,
    password: String,
}

impl TestUser {
    /// A user who was made otherwise, by [`create_user`](doorward_auth::accounts::create_user) or the application, with the password that was given then.
    #[must_use]
    pub fn known(row: &UserRow, password: &str) -> Self {
        Self {
            id: row.id.clone(),
            username: row.username.clone(),
            email: row.email.clone(),
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
