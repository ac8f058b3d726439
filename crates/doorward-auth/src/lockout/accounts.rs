//! [`Subject`]: whom an attempt to log in may mean.

use std::sync::Arc;

use super::Passed;
use crate::login_attempts::{Account, Success};
use crate::user::{UserId, UserRow};

/// Whom an attempt to log in may mean: the users who were found, not what was typed.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// The users whose passwords would be checked. Where there is none, the name as it was sent: it is counted as one
    /// that somebody has, so that nobody learns which it is.
    pub(super) accounts: Vec<Account>,
    /// The name in any spelling.
    pub(super) spelling: Account,
    users: Vec<UserId>,
}

impl Subject {
    /// Those users, who were found by that name.
    pub(crate) fn found(username: &str, users: &[Arc<UserRow>]) -> Self {
        let accounts: Vec<_> = users.iter().map(|user| Account::of_user(user)).collect();
        Self {
            accounts: match accounts.is_empty() {
                true => vec![Account::of_name(username)],
                false => accounts,
            },
            spelling: Account::of_any_spelling(username),
            users: users.iter().map(|user| user.id.clone()).collect(),
        }
    }

    /// A user who is known already, and whose password is asked again.
    pub(crate) fn user(user: &Arc<UserRow>) -> Self {
        Self::found(&user.username, &[Arc::clone(user)])
    }

    /// Whose password was right, and whose it was found not to be before.
    ///
    /// Where no user was known beforehand the name stands for whoever was let in; if somebody else was guessed at by
    /// it, it stands for him.
    pub(super) fn success<T>(&self, passed: &Passed<T>) -> Success {
        let refuted = passed.refuted.iter().filter(|id| **id != passed.user);
        let name = self.accounts.first().filter(|_| self.users.is_empty());
        let key = |id| self.key(id).or_else(|| name.map(|name| name.key.clone()));
        let refuted: Vec<_> = refuted.filter_map(key).collect();
        let account = key(&passed.user).filter(|key| !refuted.contains(key));
        Success { account, refuted }
    }

    fn key(&self, user: &UserId) -> Option<String> {
        let place = self.users.iter().position(|id| id == user)?;
        Some(self.accounts.get(place)?.key.clone())
    }
}
