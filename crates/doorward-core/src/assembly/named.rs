//! [`NamedRules`]: what routes that say nothing demand, and who knows names and passwords, as `[rest]` and `[passwords]` name them.

use std::sync::Arc;

use super::names::{Known, OwnNames};
use crate::app::ResolvedApps;
use crate::authentication::DefaultAuthenticators;
use crate::backends::CredentialsBackend;
use crate::permissions::DefaultPermissions;
use crate::settings::{Findings, Settings};
use crate::slots::Slots;
use crate::throttling::DefaultThrottles;

/// The rules that the settings name, found when every app has brought its own.
pub(super) struct NamedRules {
    authenticators: DefaultAuthenticators,
    permissions: DefaultPermissions,
    throttles: DefaultThrottles,
    pub(super) backends: Vec<Arc<dyn CredentialsBackend>>,
}

impl NamedRules {
    /// Every rule that is named; names that nobody brings are told.
    pub(super) fn resolve(settings: &Settings, resolved: &ResolvedApps, found: &mut Findings) -> Self {
        let (rest, apps) = (&settings.rest, &resolved.installed);
        let own = OwnNames::of(settings, resolved);
        let authenticators = Known {
            key: "rest.authentication",
            installed: &apps.authenticators,
            own,
        };
        let permissions = Known {
            key: "rest.permission",
            installed: &apps.permissions,
            own,
        };
        let throttles = Known {
            key: "rest.throttle",
            installed: &apps.throttles,
            own,
        };
        let backends = Known {
            key: "passwords.backends",
            installed: &apps.backends,
            own,
        };
        authenticators.check_apart(found);
        permissions.check_apart(found);
        throttles.check_apart(found);
        backends.check_apart(found);
        let permission = permissions.find(&rest.permission);
        Self {
            authenticators: DefaultAuthenticators(authenticators.all(&rest.authentication, found)),
            permissions: DefaultPermissions(found.note(permission).flatten().into_iter().collect()),
            throttles: DefaultThrottles(throttles.all(&rest.throttle, found)),
            backends: backends.all(&settings.passwords.backends, found),
        }
    }

    /// Keeps what routes demand where they look for it.
    pub(super) fn keep(self, slots: Slots) -> Slots {
        let slots = slots.with(self.authenticators).with(self.permissions);
        slots.with(self.throttles)
    }
}
