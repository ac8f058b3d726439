//! What the names of the settings stand for: authenticators, permissions, throttles, backends; ours, and those of apps.

use std::sync::Arc;

use crate::app::Named;
use crate::authentication::Authenticator;
use crate::backends::{self, CredentialsBackend};
use crate::permissions::{self, Permission};
use crate::schemes;
use crate::settings::tree::unknown_name;
use crate::settings::{
    AuthenticatorName, BackendName, Findings, Name, PermissionName, SettingsError, ThrottleName,
};
use crate::throttling::{self, Throttle};

/// One kind of rule: the key that names them, and where they are found.
pub(super) struct Known<'i, T: ?Sized> {
    pub(super) key: &'static str,
    pub(super) installed: &'i [Named<T>],
}

impl<T: ?Sized> Known<'_, T> {
    /// Tells of what apps brought by a name that is taken: the settings could name one of the two only.
    pub(super) fn check_apart<N: Name>(&self, found: &mut Findings) {
        for (place, (name, _)) in self.installed.iter().enumerate() {
            let mut before = self.installed.iter().take(place);
            let is_taken = N::OWN.contains(name) || before.any(|(other, _)| other == name);
            found.require(!is_taken, self.key, || {
                format!("an app brings `{name}`, and that name is taken; give its rule another one")
            });
        }
    }

    /// The rules of a list of names, in its order: our `own`, or those that an app brought. Names that nobody has are told.
    pub(super) fn all<N: Name>(
        &self,
        names: &[N],
        own: fn(&N) -> Option<Arc<T>>,
        found: &mut Findings,
    ) -> Vec<Arc<T>> {
        let rules = names.iter().enumerate();
        let rules = rules.filter_map(|(item, name)| {
            let rule = self.find(name, own);
            found.note(rule.map_err(|error| error.of_item(item)))
        });
        rules.collect()
    }

    /// The rule of that name.
    ///
    /// # Errors
    /// That nobody has it, and which names there are.
    pub(super) fn find<N: Name>(
        &self,
        name: &N,
        own: fn(&N) -> Option<Arc<T>>,
    ) -> Result<Arc<T>, SettingsError> {
        let text = name.as_str();
        let installed = || self.installed.iter().find(|(known, _)| *known == text);
        let rule = own(name).or_else(|| installed().map(|(_, rule)| Arc::clone(rule)));
        rule.ok_or_else(|| {
            let names = self.installed.iter().map(|(name, _)| *name);
            let names: Vec<_> = N::OWN.iter().copied().chain(names).collect();
            SettingsError::new(self.key, unknown_name(text, &names))
        })
    }
}

pub(super) fn authenticator(name: &AuthenticatorName) -> Option<Arc<dyn Authenticator>> {
    match name {
        AuthenticatorName::Basic => Some(Arc::new(schemes::BasicAuthentication)),
        AuthenticatorName::Session => Some(Arc::new(schemes::SessionAuthentication)),
        AuthenticatorName::Token => Some(Arc::new(schemes::TokenAuthentication::default())),
        AuthenticatorName::Jwt => Some(Arc::new(schemes::JwtAuthentication)),
        AuthenticatorName::RemoteUser => Some(Arc::new(schemes::RemoteUserAuthentication)),
        AuthenticatorName::JwtStateless => Some(Arc::new(schemes::JwtStatelessUserAuthentication)),
        AuthenticatorName::Introspection => Some(Arc::new(schemes::TokenIntrospection)),
        AuthenticatorName::App(_) => None,
    }
}

pub(super) fn permission(name: &PermissionName) -> Option<Arc<dyn Permission>> {
    match name {
        PermissionName::AllowAny => Some(Arc::new(permissions::AllowAny)),
        PermissionName::IsAuthenticated => Some(Arc::new(permissions::IsAuthenticated)),
        PermissionName::IsAdminUser => Some(Arc::new(permissions::IsAdminUser)),
        PermissionName::IsAuthenticatedOrReadOnly => Some(Arc::new(permissions::IsAuthenticatedOrReadOnly)),
        PermissionName::App(_) => None,
    }
}

pub(super) fn throttle(name: &ThrottleName) -> Option<Arc<dyn Throttle>> {
    match name {
        ThrottleName::Anon => Some(Arc::new(throttling::AnonRateThrottle::default())),
        ThrottleName::User => Some(Arc::new(throttling::UserRateThrottle::default())),
        ThrottleName::Scoped => Some(Arc::new(throttling::ScopedRateThrottle)),
        ThrottleName::App(_) => None,
    }
}

pub(super) fn backend(name: &BackendName) -> Option<Arc<dyn CredentialsBackend>> {
    match name {
        BackendName::ModelBackend => Some(Arc::new(backends::ModelBackend)),
        BackendName::AllowAllUsersModelBackend => Some(Arc::new(backends::AllowAllUsersModelBackend)),
        BackendName::EmailBackend => Some(Arc::new(backends::EmailBackend)),
        BackendName::CaseInsensitiveModelBackend => Some(Arc::new(backends::CaseInsensitiveModelBackend)),
        BackendName::App(_) => None,
    }
}
