//! [`LoginLimit`]: how many passwords may be tried.
//!
//! Whoever takes a password from a client asks the limit of the door, if an app brought one
//! ([`Installed::login_limit`](crate::app::Installed::login_limit)). Where there is none, nothing is counted and nothing is
//! looked up.
//!
//! - `check`: a password that is checked within the limit
//! - `refusal`: what a client is told that may not try

mod check;
mod refusal;

use std::fmt;
use std::sync::Arc;

pub use check::{Passed, PasswordCheck, Waited, check};
pub use refusal::{LOCKED, is_locked_out, locked_out};

use crate::answer::Answer;
use crate::context::Context;
use crate::door::Door;
use crate::exceptions::Result;
use crate::user::UserRow;

/// Whom an attempt to log in may mean: the users who were found, not what was typed.
#[derive(Clone)]
pub struct Subject {
    /// The name as it was sent.
    pub name: String,
    /// The users whose passwords would be checked; none where no backend tells of any beforehand.
    pub users: Vec<Arc<UserRow>>,
}

/// Shows no name: now and then it is a password that was typed.
impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = self.users.iter().map(|user| &user.id);
        f.debug_list().entries(ids).finish()
    }
}

/// Counts attempts to log in, and says when a password may be checked.
pub trait LoginLimit: Send + Sync + 'static {
    /// Has a password checked, if there is room for one more attempt on those users; `None` where it is wrong.
    ///
    /// `request` is what the attempt came with, as far as that is known. The check is not begun before there is room; one
    /// that is counted goes on to its end once it was begun, though the client hangs up.
    ///
    /// # Errors
    /// [`locked_out`] where there is no room; what the check says, and what hinders the counting: a password that cannot be
    /// counted is not checked.
    fn admit<'a>(
        &'a self,
        door: &'a Door,
        request: Option<Context<'a>>,
        subject: Subject,
        check: PasswordCheck<'a>,
    ) -> Answer<'a, Result<Option<Passed>>>;

    /// A login of that request succeeded: what it came with may be known again from now on.
    fn remember_device(&self, cx: &Context<'_>);
}

/// The limit of a door.
pub(crate) struct Limit(pub(crate) Arc<dyn LoginLimit>);

impl Door {
    /// `None` where attempts to log in are not counted.
    #[must_use]
    pub fn login_limit(&self) -> Option<&dyn LoginLimit> {
        self.slot::<Limit>().map(|limit| &*limit.0)
    }
}

/// Makes the device that this request came from known to the account that a password of the request let in
/// (`authenticate_request`): the answer sets a cookie, where failed logins are
/// counted. Where nobody was let in it does nothing.
///
/// Every endpoint to which a password is sent does it once the login succeeded.
pub fn remember_device(cx: &Context<'_>) {
    if let Some(limit) = cx.door().login_limit() {
        limit.remember_device(cx);
    }
}
