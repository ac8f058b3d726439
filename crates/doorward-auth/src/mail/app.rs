//! [`Mail`]: an address to send by, a page to send readers to, and who carries e-mails.

use std::sync::Arc;

use doorward_core::app::{App, Installed, Site};
use doorward_core::settings::{Findings, Settings, SettingsErrors};

use super::{MailSettings, Mailer, Outbox, is_log};

const SCHEMES: [&str; 4] = ["smtps://", "smtp://", "file:", "log:"];

/// E-mails (`[mail]`): the settings, which were judged.
#[derive(Debug)]
pub(crate) struct Mail(MailSettings);

impl App for Mail {
    type Settings = MailSettings;
    type State = Self;

    fn resolve(mail: MailSettings, site: &Site<'_>) -> Result<Self, SettingsErrors> {
        Findings::of(|found| {
            check(&mail, site.settings(), found);
            Some(Self(mail))
        })
    }

    fn install(mail: &Arc<Self>, to: &mut Installed) {
        let mail = Arc::clone(mail);
        to.open(move |given| {
            let mailer = given.get::<Arc<dyn Mailer>>().cloned();
            Outbox::new(mailer, &mail.0).map(Some)
        });
    }
}

fn check(mail: &MailSettings, settings: &Settings, found: &mut Findings) {
    let one_line = !mail.from.is_empty() && !mail.from.contains(char::is_control);
    found.require(one_line, "mail.from", || {
        "it is no address to send from".to_owned()
    });
    if let Some(url) = &mail.reset_url {
        reset_url(url, found);
    }
    let Some(url) = &mail.url else {
        return;
    };
    // The value may hold a password: it is not repeated.
    let known = SCHEMES.iter().any(|scheme| url.expose().starts_with(scheme));
    found.require(known, "mail.url", || {
        format!("it begins with none of: {}", SCHEMES.join(", "))
    });
    found.require(!is_log(url) || settings.debug, "mail.url", || {
        "`log:` writes links that open accounts into the log; it wants `debug = true`".to_owned()
    });
    found.require(mail.reset_url.is_some(), "mail.reset_url", || {
        "name the page that takes a new password, such as https://app.example.com/reset/{uid}/{token}/"
            .to_owned()
    });
}

fn reset_url(url: &str, found: &mut Findings) {
    let is_absolute = url.starts_with("https://") || url.starts_with("http://");
    let is_plain = url.chars().all(|c| c.is_ascii_graphic());
    let possible = is_absolute && is_plain && url.contains("{uid}") && url.contains("{token}");
    found.require(possible, "mail.reset_url", || {
        format!(
            "`{}` is no address with {{uid}} and {{token}} in it, such as https://app.example.com/reset/{{uid}}/{{token}}/",
            url.escape_debug()
        )
    });
}
