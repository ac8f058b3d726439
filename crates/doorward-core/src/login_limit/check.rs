//! [`check`]: a password that is checked within the limit.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;

use super::Subject;
use crate::context::Context;
use crate::door::Door;
use crate::exceptions::Result;
use crate::user::UserId;

/// A password that was right.
#[derive(Clone, Debug)]
pub struct Passed<T = ()> {
    /// What the check made of it.
    pub value: T,
    /// Whose it is.
    pub user: UserId,
    /// Whose it was found not to be.
    pub refuted: Vec<UserId>,
}

impl<T> Passed<T> {
    /// The same, with what `change` makes of the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Passed<U> {
        Passed {
            value: change(self.value),
            user: self.user,
            refuted: self.refuted,
        }
    }
}

/// Whether an attempt stood in line before its password was checked: what was read before may be old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// It was checked at once.
    No,
    /// It waited for others.
    InLine,
}

/// The check of a password, which has not begun; `None` where it is wrong.
pub type PasswordCheck<'a> =
    Box<dyn FnOnce(Waited) -> BoxFuture<'static, Result<Option<Passed>>> + Send + 'a>;

/// Checks a password as the door's limit allows; `None` where it is wrong. Without a limit it is checked, and that is all.
///
/// # Errors
/// As [`LoginLimit::admit`](super::LoginLimit::admit).
pub async fn check<'a, T, F>(
    door: &'a Door,
    request: Option<Context<'a>>,
    subject: Subject,
    check: impl FnOnce(Waited) -> F + Send + 'a,
) -> Result<Option<T>>
where
    T: Send + 'static,
    F: Future<Output = Result<Option<Passed<T>>>> + Send + 'static,
{
    let Some(limit) = door.login_limit() else {
        return Ok(check(Waited::No).await?.map(|passed| passed.value));
    };
    let found = Found::default();
    let kept = found.clone();
    let check = |waited| kept.keep(check(waited));
    let passed = limit.admit(door, request, subject, Box::new(check)).await?;
    Ok(passed.and_then(|_| found.value().take()))
}

/// What a check makes, put aside: the limit looks at the rest.
struct Found<T>(Arc<Mutex<Option<T>>>);

impl<T: Send + 'static> Found<T> {
    fn keep<F>(self, check: F) -> BoxFuture<'static, Result<Option<Passed>>>
    where
        F: Future<Output = Result<Option<Passed<T>>>> + Send + 'static,
    {
        Box::pin(async move {
            let passed = check.await?;
            Ok(passed.map(|passed| passed.map(|value| drop(self.value().replace(value)))))
        })
    }
}

impl<T> Found<T> {
    fn value(&self) -> MutexGuard<'_, Option<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Clone for Found<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
