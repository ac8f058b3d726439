//! Rules on single objects (`BasePermission.has_object_permission`).

use super::{Denial, Permission};
use crate::answer::Answer;
use crate::context::{Context, View};
use crate::exceptions::Result;

/// A rule on objects of a type. [`Permitted`](super::Permitted) asks it; a policy cannot, since it has no object.
///
/// ```
/// use doorward_core::permissions::ObjectPermission;
/// use doorward_core::{Answer, Context, Result, UserId, View};
///
/// struct Report {
///     owner: UserId,
/// }
///
/// #[derive(Default)]
/// struct IsOwner;
///
/// impl ObjectPermission<Report> for IsOwner {
///     fn has_object_permission(&self, cx: &Context, _: &View, report: &Report) -> Answer<'_, Result<bool>> {
///         Answer::ready(Ok(cx.user_id() == Some(&report.owner)))
///     }
/// }
/// ```
///
/// [`And`](super::And), [`Or`](super::Or) and [`Not`](super::Not) put rules together by their types:
/// `Or<IsOwner, IsAdminUser>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a permission on `{T}`",
    note = "implement `ObjectPermission<{T}>` for it; `OnRequest<..>` makes a rule on requests one on objects"
)]
pub trait ObjectPermission<T: ?Sized>: Send + Sync {
    /// Whether the request may go on at all; asked before the object is looked up.
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
        let _ = (cx, view);
        Answer::ready(Ok(true))
    }

    /// Whether the request may go on with this object.
    fn has_object_permission<'a>(
        &'a self,
        cx: &'a Context<'a>,
        view: &'a View,
        object: &'a T,
    ) -> Answer<'a, Result<bool>>;

    /// What a refused caller is told: DRF's `message` and `code`. `None` gives the default sentence.
    fn denial(&self) -> Option<Denial> {
        None
    }
}

/// A rule on requests as one on objects, each of which it lets pass: `Or<IsOwner, OnRequest<HasPremiumTier>>`.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnRequest<P>(pub P);

impl<T: ?Sized, P: Permission> ObjectPermission<T> for OnRequest<P> {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
        self.0.has_permission(cx, view)
    }

    fn has_object_permission<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a View,
        _: &'a T,
    ) -> Answer<'a, Result<bool>> {
        Answer::ready(Ok(true))
    }

    fn denial(&self) -> Option<Denial> {
        self.0.denial()
    }
}

/// The rules of this crate on requests are rules on objects without [`OnRequest`].
macro_rules! on_request {
    ($($permission:ty),+) => {$(
        impl<T: ?Sized> ObjectPermission<T> for $permission {
            fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
                Permission::has_permission(self, cx, view)
            }

            fn has_object_permission<'a>(
                &'a self,
                _: &'a Context<'a>,
                _: &'a View,
                _: &'a T,
            ) -> Answer<'a, Result<bool>> {
                Answer::ready(Ok(true))
            }
        }
    )+};
}

on_request!(
    super::AllowAny,
    super::IsAuthenticated,
    super::IsAdminUser,
    super::IsAuthenticatedOrReadOnly
);
