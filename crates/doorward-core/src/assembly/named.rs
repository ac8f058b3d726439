//! [`NamedRules`]: what routes that say nothing demand, and who knows names and passwords, as `[rest]` and `[passwords]` name them.

use std::sync::Arc;

use super::names::{Known, OwnNames};
use crate::app::ResolvedApps;
use crate::authentication::DefaultAuthenticators;
use crate::backends::CredentialsBackend;
use crate::exception_handler::{ExceptionHandler, SiteExceptionHandler};
use crate::password_validation::{PasswordValidator, PasswordValidators, with_options};
use crate::permissions::DefaultPermissions;
use crate::settings::{ExceptionHandlerName, Findings, Settings, ValidatorSettings};
use crate::slots::Slots;
use crate::throttling::DefaultThrottles;

/// The rules that the settings name, found when every app has brought its own.
pub(super) struct NamedRules {
    authenticators: DefaultAuthenticators,
    permissions: DefaultPermissions,
    throttles: DefaultThrottles,
    /// `None` for the default one.
    exception_handler: Option<SiteExceptionHandler>,
    validators: PasswordValidators,
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
        let exception_handlers = Known {
            key: "rest.exception_handler",
            installed: &apps.exception_handlers,
            own,
        };
        let validators = Known {
            key: "passwords.validators",
            installed: &apps.validators,
            own,
        };
        authenticators.check_apart(found);
        permissions.check_apart(found);
        throttles.check_apart(found);
        backends.check_apart(found);
        exception_handlers.check_apart(found);
        validators.check_apart(found);
        Self {
            authenticators: DefaultAuthenticators(authenticators.all(&rest.authentication, found)),
            permissions: DefaultPermissions(permissions.all_or_one(&rest.permission, found)),
            throttles: DefaultThrottles(throttles.all(&rest.throttle, found)),
            exception_handler: exception_handler(&rest.exception_handler, &exception_handlers, found),
            validators: password_validators(&settings.passwords.validators, &validators, found),
            backends: backends.all(&settings.passwords.backends, found),
        }
    }

    /// Keeps what routes demand where they look for it.
    pub(super) fn keep(self, slots: Slots) -> Slots {
        let slots = slots.with(self.authenticators).with(self.permissions);
        slots
            .with(self.throttles)
            .with_some(self.exception_handler)
            .with(self.validators)
    }
}

/// The handler of that name; `None` for the default one.
fn exception_handler(
    name: &ExceptionHandlerName,
    known: &Known<'_, dyn ExceptionHandler>,
    found: &mut Findings,
) -> Option<SiteExceptionHandler> {
    match name {
        ExceptionHandlerName::Default => None,
        named => found.note(known.find(named)).flatten().map(SiteExceptionHandler),
    }
}

/// Those validators, in their order. What is wrong with their options is told by
/// [`check_options`](crate::password_validation::check_options).
fn password_validators(
    named: &[ValidatorSettings],
    known: &Known<'_, dyn PasswordValidator>,
    found: &mut Findings,
) -> PasswordValidators {
    let validators = named.iter().enumerate().filter_map(|(item, named)| {
        let validator = match with_options(named) {
            Ok(None) => known.find(&named.name),
            Ok(Some(own)) => Ok(Some(Arc::new(own) as _)),
            Err(_) => Ok(None),
        };
        found.note(validator.map_err(|error| error.of_item(item)))?
    });
    PasswordValidators(validators.collect())
}
