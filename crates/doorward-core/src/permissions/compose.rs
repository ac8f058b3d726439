//! `and`, `or`, `not` (`rest_framework.permissions.OperandHolder`).

use super::Permission;
use crate::answer::Answer;
use crate::context::{Context, View};
use crate::exceptions::Result;

/// Puts permissions together. What is put together has no message of its own: a refusal reads as the default.
pub trait PermissionExt: Permission + Sized {
    /// Both must grant; the second is asked only if the first does.
    fn and<P: Permission>(self, other: P) -> And<Self, P> {
        And(self, other)
    }

    /// Either is enough; the second is asked only if the first refuses.
    fn or<P: Permission>(self, other: P) -> Or<Self, P> {
        Or(self, other)
    }

    /// Grants what this one refuses, and refuses what it grants.
    fn not(self) -> Not<Self> {
        Not(self)
    }
}

impl<P: Permission> PermissionExt for P {}

/// Both; see [`PermissionExt::and`].
#[derive(Clone, Copy, Debug, Default)]
pub struct And<A, B>(A, B);

/// Either; see [`PermissionExt::or`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Or<A, B>(A, B);

/// The opposite; see [`PermissionExt::not`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Not<A>(A);

impl<A: Permission, B: Permission> Permission for And<A, B> {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
        let second = || self.1.has_permission(cx, view);
        match self.0.has_permission(cx, view) {
            Answer::Ready(Ok(true)) => second(),
            Answer::Ready(settled) => Answer::ready(settled),
            Answer::Pending(first) => Answer::pending(async move { Ok(first.await? && second().await?) }),
        }
    }
}

impl<A: Permission, B: Permission> Permission for Or<A, B> {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
        let second = || self.1.has_permission(cx, view);
        match self.0.has_permission(cx, view) {
            Answer::Ready(Ok(false)) => second(),
            Answer::Ready(settled) => Answer::ready(settled),
            Answer::Pending(first) => Answer::pending(async move { Ok(first.await? || second().await?) }),
        }
    }
}

impl<A: Permission> Permission for Not<A> {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
        match self.0.has_permission(cx, view) {
            Answer::Ready(answer) => Answer::ready(answer.map(|granted| !granted)),
            Answer::Pending(first) => Answer::pending(async move { Ok(!first.await?) }),
        }
    }
}
