//! What is unwise on the internet: passwords that can be guessed without end.

use doorward_auth::lockout::LockoutSettings;
use doorward_core::app::{App, Site};
use doorward_core::checks::{CheckMessage, Level, deploy};
use doorward_core::settings::{AuthenticatorName, Section, Settings, SettingsErrors, UrlSetting};
use doorward_testing::TestDoor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

fn found(change: impl FnOnce(&mut Settings)) -> Vec<CheckMessage> {
    let door = TestDoor::builder().configure(change).build();
    assert_eq!(
        door.check_apps(door.settings(), &[]),
        [],
        "it is for the internet only"
    );
    door.check_deployment(door.settings(), &[])
}

fn ids(messages: &[CheckMessage]) -> Vec<&str> {
    messages.iter().map(|message| message.id).collect()
}

#[test]
fn passwords_that_can_be_guessed_without_end_are_told() {
    let found = found(|_| {});
    let told = found.iter().find(|message| message.id == "doorward.W012");
    assert_eq!(told.map(|message| message.level), Some(Level::Warning));
    let door = TestDoor::new();
    assert_eq!(
        ids(&found),
        ids(&deploy(door.settings(), &[])),
        "whoever is asked"
    );
    let place = |id: &str| found.iter().position(|message| message.id == id);
    assert!(place("doorward.W003") < place("doorward.W012"), "{found:?}");
}

#[test]
fn who_counts_is_told_nothing() {
    let found = found(|settings| settings.section_mut::<LockoutSettings>().failures = Some(5));
    assert!(!ids(&found).contains(&"doorward.W012"));
}

#[test]
fn a_site_that_takes_no_password_is_told_nothing() {
    let found = found(|settings| {
        settings.rest.authentication = vec![AuthenticatorName::Jwt];
        for name in [
            "login",
            "admin",
            "obtain_auth_token",
            "token_obtain_pair",
            "token_obtain_sliding",
        ] {
            settings.urls.0.insert(name.to_owned(), UrlSetting::Switch(false));
        }
    });
    assert!(!ids(&found).contains(&"doorward.W012"));
}

/// An app of one's own that takes passwords says so, and is asked where it stands.
#[test]
fn an_app_that_takes_passwords_is_told() {
    let found = |kiosk: UrlSetting| {
        let apps = doorward_auth::apps().app::<Kiosk>();
        let mut settings = Settings::default().with_apps(&apps);
        settings.rest.authentication = vec![AuthenticatorName::Jwt];
        let of_others = doorward_auth::apps();
        for (name, _) in of_others.login_endpoints() {
            settings.urls.0.insert(name.to_owned(), UrlSetting::Switch(false));
        }
        settings.urls.0.insert("kiosk".to_owned(), kiosk);
        ids(&deploy(&settings, &[])).contains(&"doorward.W012")
    };
    assert!(found(UrlSetting::Switch(true)));
    assert!(!found(UrlSetting::Switch(false)));
}

/// `[kiosk]`, which has no keys.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct KioskSettings {}

impl Section for KioskSettings {
    const LABEL: &'static str = "kiosk";
}

struct Kiosk;

impl App for Kiosk {
    type Settings = KioskSettings;
    type State = Self;

    fn login_endpoints() -> &'static [(&'static str, &'static str)] {
        &[("kiosk", "/kiosk/")]
    }

    fn resolve(_: KioskSettings, _: &Site<'_>) -> Result<Self, SettingsErrors> {
        Ok(Self)
    }
}
