//! [`DjangoObjectPermissions`]: the model's permissions, then the object's.

use super::held::Standing;
use super::{ObjectPermission, PermsMap};
use crate::answer::Answer;
use crate::context::{Context, View};
use crate::exceptions::{ApiException, Result};

/// A type that is a model of Django's, so that permissions have a name for it.
pub trait DjangoModel: Send + Sync {
    /// The label of its app (`_meta.app_label`).
    const APP_LABEL: &'static str;
    /// Its name in lower case (`_meta.model_name`).
    const MODEL_NAME: &'static str;

    /// Whether the caller, an active user, has that permission on this object, named `app_label.codename`: what a
    /// backend such as django-guardian's says. Django's own `ModelBackend`, and this default, say no, whatever the
    /// caller may do to all objects of the model. Superusers are not asked about.
    fn has_perm<'a>(&'a self, cx: &'a Context<'a>, permission: &'a str) -> Answer<'a, Result<bool>> {
        let _ = (cx, permission);
        Answer::ready(Ok(false))
    }
}

/// The permissions of [`DjangoModelPermissions`](super::DjangoModelPermissions), asked for the model and then for
/// the object (`rest_framework.permissions.DjangoObjectPermissions`).
///
/// Who may not read the object is told that there is none: 404. Who may, but not do what was asked: 403. Reading
/// needs no permission here, so that every refusal is a 403; [`StrictDjangoObjectPermissions`] asks `view_`.
#[derive(Clone, Debug, Default)]
pub struct DjangoObjectPermissions(PermsMap);

impl DjangoObjectPermissions {
    /// The rule with that map.
    #[must_use]
    pub fn with_perms_map(map: PermsMap) -> Self {
        Self(map)
    }

    /// 404 where the caller may not even read.
    async fn refuse<T: DjangoModel>(cx: &Context<'_>, map: &PermsMap, object: &T) -> Result<bool> {
        let may_read =
            !cx.is_safe_method() && has_perms(cx, map.required(&http::Method::GET)?, object).await?;
        match may_read {
            true => Ok(false),
            false => Err(ApiException::not_found()),
        }
    }
}

impl<T: DjangoModel> ObjectPermission<T> for DjangoObjectPermissions {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        if cx.user().is_none() {
            return Answer::ready(Ok(false));
        }
        let map = self.0.of(T::APP_LABEL, T::MODEL_NAME);
        Answer::pending(async move { cx.has_perms(map.required(cx.method())?).await })
    }

    fn has_object_permission<'a>(
        &'a self,
        cx: &'a Context<'a>,
        _: &'a View,
        object: &'a T,
    ) -> Answer<'a, Result<bool>> {
        let map = self.0.of(T::APP_LABEL, T::MODEL_NAME);
        Answer::pending(async move {
            match has_perms(cx, map.required(cx.method())?, object).await? {
                true => Ok(true),
                false => Self::refuse(cx, &map, object).await,
            }
        })
    }
}

/// As [`DjangoObjectPermissions`], with `view_` for GET, HEAD and OPTIONS: what a caller may not read is not there.
#[derive(Clone, Debug)]
pub struct StrictDjangoObjectPermissions(DjangoObjectPermissions);

impl Default for StrictDjangoObjectPermissions {
    fn default() -> Self {
        Self(DjangoObjectPermissions::with_perms_map(PermsMap::strict()))
    }
}

impl<T: DjangoModel> ObjectPermission<T> for StrictDjangoObjectPermissions {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, view: &'a View) -> Answer<'a, Result<bool>> {
        ObjectPermission::<T>::has_permission(&self.0, cx, view)
    }

    fn has_object_permission<'a>(
        &'a self,
        cx: &'a Context<'a>,
        view: &'a View,
        object: &'a T,
    ) -> Answer<'a, Result<bool>> {
        self.0.has_object_permission(cx, view, object)
    }
}

/// `user.has_perms(permissions, object)`
async fn has_perms<T: DjangoModel>(cx: &Context<'_>, permissions: &[String], object: &T) -> Result<bool> {
    if let Standing::Known(answer) = cx.standing(permissions.is_empty()) {
        return Ok(answer);
    }
    for permission in permissions {
        if !object.has_perm(cx, permission).await? {
            return Ok(false);
        }
    }
    Ok(true)
}
