//! [`PermsMap`]: which permissions on a model a method needs (`DjangoModelPermissions.perms_map`).

use http::Method;

use crate::exceptions::{ApiException, Result};

/// The permissions of each method. In their names `%(app_label)s` and `%(model_name)s` stand for the model's, as in
/// DRF's `perms_map`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermsMap(Vec<(Method, Vec<String>)>);

impl PermsMap {
    /// DRF's: nothing to read, `add_` to POST, `change_` to PUT and PATCH, `delete_` to DELETE.
    #[must_use]
    pub fn new() -> Self {
        Self(Vec::new())
            .method(Method::GET, [])
            .method(Method::OPTIONS, [])
            .method(Method::HEAD, [])
            .method(Method::POST, ["%(app_label)s.add_%(model_name)s"])
            .method(Method::PUT, ["%(app_label)s.change_%(model_name)s"])
            .method(Method::PATCH, ["%(app_label)s.change_%(model_name)s"])
            .method(Method::DELETE, ["%(app_label)s.delete_%(model_name)s"])
    }

    /// The same, and `view_` to read.
    #[must_use]
    pub fn strict() -> Self {
        let reads = [Method::GET, Method::OPTIONS, Method::HEAD];
        reads.into_iter().fold(Self::new(), |map, method| {
            map.method(method, ["%(app_label)s.view_%(model_name)s"])
        })
    }

    /// The map with those permissions for that method, in place of what it had.
    #[must_use]
    pub fn method<'p>(mut self, method: Method, permissions: impl IntoIterator<Item = &'p str>) -> Self {
        self.0.retain(|(known, _)| *known != method);
        let permissions = permissions.into_iter().map(str::to_owned);
        self.0.push((method, permissions.collect()));
        self
    }

    /// The map with a model's names in place of their marks.
    pub(super) fn of(&self, app_label: &str, model_name: &str) -> Self {
        let name = |mark: &String| {
            mark.replace("%(app_label)s", app_label)
                .replace("%(model_name)s", model_name)
        };
        let methods = self.0.iter();
        Self(
            methods
                .map(|(method, marks)| (method.clone(), marks.iter().map(name).collect()))
                .collect(),
        )
    }

    /// What a method needs; one that the map does not know is not allowed.
    pub(super) fn required(&self, method: &Method) -> Result<&[String]> {
        let entry = self.0.iter().find(|(known, _)| known == method);
        entry
            .map(|(_, permissions)| permissions.as_slice())
            .ok_or_else(|| ApiException::method_not_allowed(method))
    }
}

impl Default for PermsMap {
    fn default() -> Self {
        Self::new()
    }
}
