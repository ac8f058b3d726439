//! [`RouteModelPermissions`]: permissions on the model that a route names, for settings, which name none.

use std::fmt;

use super::{Permission, PermsMap};
use crate::answer::Answer;
use crate::context::{Context, View};
use crate::exceptions::{ApiException, Result};
use crate::throttling::ImproperlyConfigured;

/// [`DjangoModelPermissions`](super::DjangoModelPermissions), or the one with `OrAnonReadOnly`, on the model that the route names
/// with [`RouteExt::model`](crate::RouteExt::model) (DRF takes it from the view's queryset).
#[derive(Clone, Copy)]
pub(crate) struct RouteModelPermissions {
    pub(crate) readers: Readers,
}

/// Who may do what needs no permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Callers who said who they are.
    Identified,
    /// Anonymous callers too.
    Everyone,
}

impl RouteModelPermissions {
    async fn has_perms(self, cx: &Context<'_>, view: &View) -> Result<bool> {
        let (app_label, model_name) = view
            .model()
            .ok_or_else(|| ApiException::server_error(self.no_model(view)))?;
        let map = PermsMap::new().of(app_label, model_name);
        cx.has_perms(map.required(cx.method())?).await
    }

    fn no_model(self, view: &View) -> ImproperlyConfigured {
        ImproperlyConfigured::new(format!(
            "cannot apply {self:?} on `{}`, which names no model; write `.model(\"app\", \"model\")`, or give it a policy of its own",
            view.path()
        ))
    }
}

impl Permission for RouteModelPermissions {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
        match cx.user() {
            None if self.readers == Readers::Identified => Answer::ready(Ok(false)),
            _ => Answer::pending(self.has_perms(cx, view)),
        }
    }

    fn configured(&self, view: &View) -> Result<(), ImproperlyConfigured> {
        view.model().map(drop).ok_or_else(|| self.no_model(view))
    }
}

/// The name that settings have for it.
impl fmt::Debug for RouteModelPermissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.readers {
            Readers::Identified => "DjangoModelPermissions",
            Readers::Everyone => "DjangoModelPermissionsOrAnonReadOnly",
        })
    }
}
