//! Rules on models: what Django's admin calls "Can add product" (`rest_framework.permissions.DjangoModelPermissions`).

use std::fmt;

use super::{Permission, PermsMap};
use crate::answer::Answer;
use crate::context::{Context, View};
use crate::exceptions::Result;

/// Callers who said who they are and have the model's permissions for the method; reading needs none.
///
/// POST needs `add_`, PUT and PATCH `change_`, DELETE `delete_`, of the caller's own or by group; another method is
/// a 405. [`DjangoModelPermissions::strict`] asks `view_` of readers.
///
/// ```
/// use doorward_core::permissions::DjangoModelPermissions;
///
/// let products = DjangoModelPermissions::of("tutorial", "product").strict();
/// ```
#[derive(Clone)]
pub struct DjangoModelPermissions {
    app_label: &'static str,
    model_name: &'static str,
    map: PermsMap,
}

impl DjangoModelPermissions {
    /// The rule for a model: its app's label, and its name in lower case (`_meta.model_name`).
    #[must_use]
    pub fn of(app_label: &'static str, model_name: &'static str) -> Self {
        Self {
            app_label,
            model_name,
            map: PermsMap::new().of(app_label, model_name),
        }
    }

    /// The same with `view_` for GET, HEAD and OPTIONS.
    #[must_use]
    pub fn strict(self) -> Self {
        self.perms_map(&PermsMap::strict())
    }

    /// The same with that map.
    #[must_use]
    pub fn perms_map(mut self, map: &PermsMap) -> Self {
        self.map = map.of(self.app_label, self.model_name);
        self
    }

    fn has_perms<'a>(&'a self, cx: &Context<'a>) -> Answer<'a, Result<bool>> {
        match self.map.required(cx.method()) {
            Err(not_allowed) => Answer::ready(Err(not_allowed)),
            Ok(permissions) => cx.has_perms(permissions),
        }
    }

    fn needs(&self, cx: &Context<'_>) -> Option<String> {
        let permissions = self.map.required(cx.method()).ok()?;
        Some(format!("{} needs {}", cx.method(), listed(permissions)))
    }
}

impl Permission for DjangoModelPermissions {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        match cx.user() {
            None => Answer::ready(Ok(false)),
            Some(_) => self.has_perms(cx),
        }
    }

    fn reason(&self, cx: &Context<'_>) -> Option<String> {
        self.needs(cx)
    }
}

impl fmt::Debug for DjangoModelPermissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "DjangoModelPermissions({}.{})",
            self.app_label, self.model_name
        )
    }
}

/// As [`DjangoModelPermissions`], and anonymous callers may do what needs no permission: read.
#[derive(Clone)]
pub struct DjangoModelPermissionsOrAnonReadOnly(DjangoModelPermissions);

impl DjangoModelPermissionsOrAnonReadOnly {
    /// The rule for a model, as [`DjangoModelPermissions::of`].
    #[must_use]
    pub fn of(app_label: &'static str, model_name: &'static str) -> Self {
        Self(DjangoModelPermissions::of(app_label, model_name))
    }

    /// The same with that map.
    #[must_use]
    pub fn perms_map(self, map: &PermsMap) -> Self {
        Self(self.0.perms_map(map))
    }
}

impl Permission for DjangoModelPermissionsOrAnonReadOnly {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        self.0.has_perms(cx)
    }

    fn reason(&self, cx: &Context<'_>) -> Option<String> {
        self.0.needs(cx)
    }
}

impl fmt::Debug for DjangoModelPermissionsOrAnonReadOnly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DjangoModelPermissions {
            app_label,
            model_name,
            ..
        } = self.0;
        write!(
            f,
            "DjangoModelPermissionsOrAnonReadOnly({app_label}.{model_name})"
        )
    }
}

/// Permissions for people to read.
fn listed(permissions: &[String]) -> String {
    match permissions {
        [] => "a user with a row in the database".to_owned(),
        some => some.join(", "),
    }
}
