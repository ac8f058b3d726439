//! `[user]`: tables of users other than Django's, which do not exist yet.

use crate::app::{App, Site};
use crate::settings::validate::unsupported;
use crate::settings::{Findings, SettingsErrors, UserSettings};

/// Where users are kept.
pub(crate) struct Users;

impl App for Users {
    type Settings = UserSettings;
    type State = ();

    fn resolve(settings: UserSettings, _: &Site<'_>) -> Result<(), SettingsErrors> {
        let usual = UserSettings::default();
        let set = [
            ("user.table", settings.table != usual.table),
            ("user.id", settings.id != usual.id),
            (
                "user.username_field",
                settings.username_field != usual.username_field,
            ),
        ];
        Findings::of(|found| {
            unsupported::refuse(set, found);
            Some(())
        })
    }
}
