//! Rules on who is calling.

use super::Permission;
use crate::answer::Answer;
use crate::context::{Context, View};
use crate::exceptions::Result;
use crate::user::{PrincipalKind, User};

/// Everyone.
#[derive(Clone, Copy, Debug, Default)]
pub struct AllowAny;

impl Permission for AllowAny {
    fn has_permission<'a>(&'a self, _: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        Answer::ready(Ok(true))
    }
}

/// Callers who said who they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct IsAuthenticated;

impl Permission for IsAuthenticated {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        Answer::ready(Ok(cx.user().is_some()))
    }

    fn reason(&self, _: &Context<'_>) -> Option<String> {
        Some("nobody has authenticated".to_owned())
    }
}

/// Staff: `is_staff`, not `is_superuser`, is what counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct IsAdminUser;

impl Permission for IsAdminUser {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        Answer::ready(Ok(cx.user().is_some_and(User::is_staff)))
    }

    fn reason(&self, _: &Context<'_>) -> Option<String> {
        Some("the caller is not staff (is_staff)".to_owned())
    }
}

/// Everyone for GET, HEAD and OPTIONS; callers who said who they are for the rest.
#[derive(Clone, Copy, Debug, Default)]
pub struct IsAuthenticatedOrReadOnly;

impl Permission for IsAuthenticatedOrReadOnly {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        Answer::ready(Ok(cx.is_safe_method() || cx.user().is_some()))
    }
}

/// Callers of that kind, who are no users: devices, webhooks, the bearers of signed links.
#[derive(Clone, Copy, Debug)]
pub struct IsPrincipal(pub PrincipalKind);

impl Permission for IsPrincipal {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        Answer::ready(Ok(cx
            .user()
            .is_some_and(|user| user.principal_name(self.0).is_some())))
    }

    fn reason(&self, _: &Context<'_>) -> Option<String> {
        Some(format!("the caller is no {}", self.0))
    }
}
