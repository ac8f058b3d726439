//! `and`, `or`, `not` (`rest_framework.permissions.OperandHolder`).

use super::{ObjectPermission, Permission};
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

/// Both; see [`PermissionExt::and`]. Of an object both are asked, the second if the first grants.
#[derive(Clone, Copy, Debug, Default)]
pub struct And<A, B>(pub A, pub B);

/// Either; see [`PermissionExt::or`].
///
/// Of an object each is asked about the request once more, then about the object: `IsAdminUser` and `IsOwner` put
/// together grant an object to staff, and to its owner.
#[derive(Clone, Copy, Debug, Default)]
pub struct Or<A, B>(pub A, pub B);

/// The opposite; see [`PermissionExt::not`]. Requests and objects are turned around each for itself: the opposite
/// of a rule on objects alone refuses every request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Not<A>(pub A);

impl<A: Permission, B: Permission> Permission for And<A, B> {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
        both(self.0.has_permission(cx, view), || {
            self.1.has_permission(cx, view)
        })
    }
}

impl<A: Permission, B: Permission> Permission for Or<A, B> {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
        either(self.0.has_permission(cx, view), || {
            self.1.has_permission(cx, view)
        })
    }
}

impl<A: Permission> Permission for Not<A> {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
        opposite(self.0.has_permission(cx, view))
    }
}

impl<T: ?Sized + Sync, A: ObjectPermission<T>, B: ObjectPermission<T>> ObjectPermission<T> for And<A, B> {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
        both(self.0.has_permission(cx, view), || {
            self.1.has_permission(cx, view)
        })
    }

    fn has_object_permission<'a>(
        &'a self,
        cx: &'a Context<'a>,
        view: &'a View,
        object: &'a T,
    ) -> Answer<'a, Result<bool>> {
        both(self.0.has_object_permission(cx, view, object), move || {
            self.1.has_object_permission(cx, view, object)
        })
    }
}

impl<T: ?Sized + Sync, A: ObjectPermission<T>, B: ObjectPermission<T>> ObjectPermission<T> for Or<A, B> {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
        either(self.0.has_permission(cx, view), || {
            self.1.has_permission(cx, view)
        })
    }

    fn has_object_permission<'a>(
        &'a self,
        cx: &'a Context<'a>,
        view: &'a View,
        object: &'a T,
    ) -> Answer<'a, Result<bool>> {
        let first = both(self.0.has_permission(cx, view), move || {
            self.0.has_object_permission(cx, view, object)
        });
        either(first, move || {
            both(self.1.has_permission(cx, view), move || {
                self.1.has_object_permission(cx, view, object)
            })
        })
    }
}

impl<T: ?Sized, A: ObjectPermission<T>> ObjectPermission<T> for Not<A> {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
        opposite(self.0.has_permission(cx, view))
    }

    fn has_object_permission<'a>(
        &'a self,
        cx: &'a Context<'a>,
        view: &'a View,
        object: &'a T,
    ) -> Answer<'a, Result<bool>> {
        opposite(self.0.has_object_permission(cx, view, object))
    }
}

type Granted<'a> = Answer<'a, Result<bool>>;

/// The second is asked if the first grants.
fn both<'a>(first: Granted<'a>, second: impl FnOnce() -> Granted<'a> + Send + 'a) -> Granted<'a> {
    match first {
        Answer::Ready(Ok(true)) => second(),
        Answer::Ready(settled) => Answer::ready(settled),
        Answer::Pending(first) => Answer::pending(async move { Ok(first.await? && second().await?) }),
    }
}

/// The second is asked if the first refuses.
fn either<'a>(first: Granted<'a>, second: impl FnOnce() -> Granted<'a> + Send + 'a) -> Granted<'a> {
    match first {
        Answer::Ready(Ok(false)) => second(),
        Answer::Ready(settled) => Answer::ready(settled),
        Answer::Pending(first) => Answer::pending(async move { Ok(first.await? || second().await?) }),
    }
}

fn opposite(answer: Granted<'_>) -> Granted<'_> {
    match answer {
        Answer::Ready(answer) => Answer::ready(answer.map(|granted| !granted)),
        Answer::Pending(answer) => Answer::pending(async move { Ok(!answer.await?) }),
    }
}
