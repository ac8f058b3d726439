//! Who may pass: one file per family of rules (`rest_framework.permissions`).
//!
//! To add one: implement [`Permission`] for a type of yours and name it in a route's [`Policy`](crate::Policy). A rule
//! on single objects is an [`ObjectPermission`]; the extractor [`Permitted`] asks it.

mod callers;
mod claims;
mod compose;
mod django_objects;
mod held;
mod models;
mod objects;
mod permitted;
mod perms_map;
mod route_model;

use std::borrow::Cow;
use std::fmt::Debug;
use std::sync::Arc;

pub use crate::explanation::{Explanation, Outcome, Step};
pub use callers::{AllowAny, IsAdminUser, IsAuthenticated, IsAuthenticatedOrReadOnly, IsPrincipal};
pub use claims::{HasClaim, HasScope};
pub use compose::{And, Not, Or, PermissionExt};
pub use django_objects::{DjangoModel, DjangoObjectPermissions, StrictDjangoObjectPermissions};
pub use models::{DjangoModelPermissions, DjangoModelPermissionsOrAnonReadOnly};
pub use objects::{ObjectPermission, OnRequest};
pub use permitted::{Grants, LoadObject, LoadObjects, Permitted, PermittedList, Unchecked};
pub use perms_map::PermsMap;
pub(crate) use route_model::{Readers, RouteModelPermissions};

use crate::answer::Answer;
use crate::context::{Callers, Context, View};
use crate::door::Door;
use crate::exceptions::{ApiException, Result};
use crate::throttling::ImproperlyConfigured;

/// A rule on requests (`rest_framework.permissions.BasePermission`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a permission",
    note = "the module `doorward_core::permissions` lists those that exist, and tells how to write one"
)]
pub trait Permission: Debug + Send + Sync {
    /// Whether this request may go on.
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>>;

    /// What a refused caller is told: DRF's `message` and `code`. `None` gives the default sentence.
    fn denial(&self) -> Option<Denial> {
        None
    }

    /// Whether it has all it needs of a route, such as a model; asked once, for each route that it is put on.
    ///
    /// # Errors
    /// What is missing; [`Router::into_service`](crate::Router::into_service) tells it.
    fn configured(&self, view: &View) -> Result<(), ImproperlyConfigured> {
        let _ = view;
        Ok(())
    }

    /// What a refused request lacks, for developers: told by an [`Explanation`], never to callers where `debug` is
    /// off.
    fn reason(&self, cx: &Context<'_>) -> Option<String> {
        let _ = cx;
        None
    }
}

/// The words of a refusal.
#[derive(Clone, Debug)]
pub struct Denial {
    /// The sentence in the body's `detail`.
    pub message: Cow<'static, str>,
    /// The code, for handlers of errors; never on the wire.
    pub code: Cow<'static, str>,
}

/// What is asked where a route names no permission (`DEFAULT_PERMISSION_CLASSES`).
#[derive(Debug)]
pub(crate) struct DefaultPermissions(pub(crate) Vec<Arc<dyn Permission>>);

impl Door {
    /// What has to be granted, where a route says nothing.
    pub(crate) fn permissions(&self) -> &[Arc<dyn Permission>] {
        &self.required_slot::<DefaultPermissions>().0
    }
}

/// Asks every permission in turn; the first refusal ends it.
pub(crate) async fn check(cx: &Context<'_>, permissions: &[Arc<dyn Permission>]) -> Result {
    for permission in permissions {
        let said = permission.has_permission(cx, cx.view()).await;
        cx.explain(|| {
            let outcome = Outcome::of_permission(&said, || permission.reason(cx));
            (format!("{permission:?}"), outcome)
        });
        if !said? {
            return Err(denied(cx, permission.denial()));
        }
    }
    Ok(())
}

/// `APIView.permission_denied`: whoever could have authenticated and did not is asked to; others are refused.
fn denied(cx: &Context<'_>, denial: Option<Denial>) -> ApiException {
    if cx.view().callers == Callers::Identified && cx.identity().is_none() {
        return ApiException::not_authenticated();
    }
    match denial {
        None => ApiException::permission_denied(),
        Some(Denial { message, code }) => ApiException::permission_denied()
            .with_detail(message.into_owned())
            .with_code(code),
    }
}
