//! [`Accounts`]: the accounts that an attempt to log in is counted for.

use doorward_core::login_limit::{Passed, Subject};
use doorward_core::signals::Account;
use doorward_core::user::UserId;

use super::counters::{CountedAccount, Success};

/// The accounts that an attempt to log in is counted for: those of the users who were found, not what was typed.
#[derive(Clone, Debug)]
pub(super) struct Accounts {
    /// The users whose passwords would be checked. Where there is none, the name as it was sent: it is counted as one
    /// that somebody has, so that nobody learns which it is.
    pub(super) all: Vec<CountedAccount>,
    /// The name in any spelling.
    pub(super) spelling: CountedAccount,
    users: Vec<UserId>,
}

impl Accounts {
    /// Those of the users who were found, or of the name where nobody was.
    pub(super) fn of(subject: &Subject) -> Self {
        let users = subject.users.iter();
        let users = users.map(|user| (&user.id, user.username.as_str())).collect();
        Self::found(&subject.name, users)
    }

    /// That of a user who is known.
    pub(super) fn of_person(user: &Account) -> Self {
        Self::found(&user.username, vec![(&user.id, &user.username)])
    }

    /// That of a name which no user is known to have.
    pub(super) fn of_name(name: &str) -> Self {
        Self::found(name, Vec::new())
    }

    /// All of them, and the name in any spelling.
    pub(super) fn with_spelling(&self) -> impl Iterator<Item = &CountedAccount> {
        self.all.iter().chain([&self.spelling])
    }

    fn found(name: &str, users: Vec<(&UserId, &str)>) -> Self {
        let all: Vec<_> = users
            .iter()
            .map(|(id, username)| CountedAccount::of_user(id, username))
            .collect();
        Self {
            all: match all.is_empty() {
                true => vec![CountedAccount::of_name(name)],
                false => all,
            },
            spelling: CountedAccount::of_any_spelling(name),
            users: users.into_iter().map(|(id, _)| id.clone()).collect(),
        }
    }

    /// Whose password was right, and whose it was found not to be before.
    ///
    /// Where no user was known beforehand the name stands for whoever was let in; if somebody else was guessed at by
    /// it, it stands for him.
    pub(super) fn success(&self, passed: &Passed) -> Success {
        let refuted = passed.refuted.iter().filter(|id| **id != passed.user);
        let name = self.all.first().filter(|_| self.users.is_empty());
        let key = |id| self.key(id).or_else(|| name.map(|name| name.key.clone()));
        let refuted: Vec<_> = refuted.filter_map(key).collect();
        let account = key(&passed.user).filter(|key| !refuted.contains(key));
        Success { account, refuted }
    }

    fn key(&self, user: &UserId) -> Option<String> {
        let place = self.users.iter().position(|id| id == user)?;
        Some(self.all.get(place)?.key.clone())
    }
}
