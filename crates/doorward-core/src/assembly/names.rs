//! What the names of the settings stand for: authenticators, permissions, throttles, backends; ours, and those of apps.

use std::sync::Arc;

use crate::app::{Installed, Named};
use crate::settings::tree::unknown_name;
use crate::settings::{Findings, Name, SettingsError};
use crate::{backends, permissions, schemes, throttling};

/// One kind of rule: the key that names them, and where they are found.
pub(super) struct Known<'i, T: ?Sized> {
    pub(super) key: &'static str,
    pub(super) installed: &'i [Named<T>],
}

impl<T: ?Sized> Known<'_, T> {
    /// Tells of two rules of one name: the settings could name one of them only.
    pub(super) fn check_apart(&self, found: &mut Findings) {
        for (place, (name, _)) in self.installed.iter().enumerate() {
            let mut before = self.installed.iter().take(place);
            found.require(before.all(|(other, _)| other != name), self.key, || {
                format!("an app brings `{name}`, and that name is taken; give its rule another one")
            });
        }
    }

    /// The rules of a list of names, in its order. Names that nobody has are told.
    pub(super) fn all<N: Name>(&self, names: &[N], found: &mut Findings) -> Vec<Arc<T>> {
        let rules = names.iter().enumerate();
        let rules = rules.filter_map(|(item, name)| {
            let rule = self.find(name);
            found.note(rule.map_err(|error| error.of_item(item)))
        });
        rules.collect()
    }

    /// The rule of that name.
    ///
    /// # Errors
    /// That nobody has it, and which names there are.
    pub(super) fn find<N: Name>(&self, name: &N) -> Result<Arc<T>, SettingsError> {
        let text = name.as_str();
        let rule = self.installed.iter().find(|(known, _)| *known == text);
        rule.map(|(_, rule)| Arc::clone(rule)).ok_or_else(|| {
            let names = self.installed.iter().map(|(name, _)| *name);
            let others = names.filter(|name| !N::OWN.contains(name));
            let names: Vec<_> = N::OWN.iter().copied().chain(others).collect();
            SettingsError::new(self.key, unknown_name(text, &names))
        })
    }
}

/// The rules of features that are no apps yet.
pub(super) fn install(to: &mut Installed) {
    to.authenticator("basic", schemes::BasicAuthentication);
    to.authenticator("session", schemes::SessionAuthentication);
    to.authenticator("token", schemes::TokenAuthentication::default());
    to.authenticator("jwt", schemes::JwtAuthentication);
    to.authenticator("remote-user", schemes::RemoteUserAuthentication);
    to.authenticator("jwt-stateless", schemes::JwtStatelessUserAuthentication);
    to.authenticator("introspection", schemes::TokenIntrospection);
    to.permission("AllowAny", permissions::AllowAny);
    to.permission("IsAuthenticated", permissions::IsAuthenticated);
    to.permission("IsAdminUser", permissions::IsAdminUser);
    to.permission(
        "IsAuthenticatedOrReadOnly",
        permissions::IsAuthenticatedOrReadOnly,
    );
    to.throttle("anon", throttling::AnonRateThrottle::default());
    to.throttle("user", throttling::UserRateThrottle::default());
    to.throttle("scoped", throttling::ScopedRateThrottle);
    to.backend("ModelBackend", backends::ModelBackend);
    to.backend("AllowAllUsersModelBackend", backends::AllowAllUsersModelBackend);
    to.backend("EmailBackend", backends::EmailBackend);
    to.backend(
        "CaseInsensitiveModelBackend",
        backends::CaseInsensitiveModelBackend,
    );
}
