//! [`Passwords`]: what the settings say of passwords, and what users add to a door.

use std::sync::Arc;

use doorward_core::app::{App, Check, Endpoint, Installed, Rule, Site};
use doorward_core::door::Door;
use doorward_core::settings::validate::limits::{self, Count};
use doorward_core::settings::validate::periods;
use doorward_core::settings::{Findings, PasswordSettings, Settings, SettingsErrors};

use super::{BasicAuthentication, password_change, password_reset, password_reset_confirm, profile};
use crate::backends::{AllowAllUsersModelBackend, CaseInsensitiveModelBackend, EmailBackend, ModelBackend};
use crate::mail::{MailSettings, outbox};

/// Users and their passwords (`[passwords]`).
pub(crate) struct Passwords;

const CHECKS: [Rule; 2] = [
    Rule {
        id: "doorward.W008",
        fails: |s| s.passwords.hashers.first().is_some_and(|first| first == "md5"),
        message: "`passwords.hashers` begins with md5: passwords are stored as good as readable",
        hint: "put `pbkdf2_sha256` or `argon2` first; hashes of old are replaced as their users log in",
    },
    Rule {
        id: "doorward.W016",
        fails: |s| !s.passwords.revoke_tokens_on_reset && s.section::<MailSettings>().reset_url.is_some(),
        message: "`passwords.revoke_tokens_on_reset` is off: who stole a token keeps it when its owner resets the \
                  password",
        hint: "leave it on",
    },
];

impl App for Passwords {
    type Settings = PasswordSettings;
    type State = ();

    #[cfg(feature = "commands")]
    fn commands() -> Vec<doorward_core::command::Command> {
        super::commands::all()
    }

    fn checks() -> Vec<Check> {
        vec![Rule::check(&CHECKS)]
    }

    fn resolve(passwords: PasswordSettings, _: &Site<'_>) -> Result<(), SettingsErrors> {
        Findings::of(|found| {
            limits::counts([queue(&passwords)], found);
            let timeout = passwords.reset_timeout;
            periods::lives([("passwords.reset_timeout", timeout, periods::END_LINKS)], found);
            Some(())
        })
    }

    fn install(_: &Arc<()>, to: &mut Installed) {
        to.authenticator("basic", BasicAuthentication);
        to.backend("ModelBackend", ModelBackend);
        to.backend("AllowAllUsersModelBackend", AllowAllUsersModelBackend);
        to.backend("EmailBackend", EmailBackend);
        to.backend("CaseInsensitiveModelBackend", CaseInsensitiveModelBackend);
        endpoints().into_iter().for_each(|endpoint| to.endpoint(endpoint));
    }
}

fn queue(passwords: &PasswordSettings) -> Count {
    Count {
        key: "passwords.queue",
        number: passwords.queue as u64,
        allowed: 0..=limits::MOST,
        because: "these are logins that wait",
    }
}

fn endpoints() -> [Endpoint; 4] {
    [
        Endpoint::new("profile", "/api/profile/", profile),
        Endpoint::new("password_change", "/api/password/change/", password_change).with_stores(),
        of_letters(Endpoint::new(
            "password_reset",
            "/api/password/reset/",
            password_reset,
        )),
        of_letters(Endpoint::new(
            "password_reset_confirm",
            "/api/password/reset/confirm/",
            password_reset_confirm,
        )),
    ]
}

/// An endpoint of a door that can send letters: without them no password can be reset.
fn of_letters(endpoint: Endpoint) -> Endpoint {
    let endpoint = endpoint.only_where(|door: &Door| {
        let sends = outbox(door).is_some_and(|outbox| outbox.for_links().is_some());
        !door.is_stateless() && sends
    });
    endpoint.takes_its_path_where(|settings: &Settings| {
        let mail = settings.section::<MailSettings>();
        mail.url.is_some() && mail.reset_url.is_some()
    })
}
