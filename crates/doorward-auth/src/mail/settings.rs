//! `[mail]`: how e-mails are sent, and what stands in them.

use doorward_core::settings::Section;
use doorward_django::secret::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[mail]`: Django's `EMAIL_*` and `DEFAULT_FROM_EMAIL`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct MailSettings {
    /// `smtps://name:password@host`, `smtp://host:587` (STARTTLS, unless the host is this machine),
    /// `file:folder`, or `log:` with `debug` (`EMAIL_*`); without one no e-mail is sent, and nobody can reset a
    /// password.
    pub url: Option<Secret<String>>,
    /// Whom e-mails are from (`DEFAULT_FROM_EMAIL`).
    pub from: String,
    /// The page that takes a new password, such as `https://app.example.com/reset/{uid}/{token}/`.
    pub reset_url: Option<String>,
}

impl Section for MailSettings {
    const LABEL: &'static str = "mail";
}

impl Default for MailSettings {
    fn default() -> Self {
        Self {
            url: None,
            from: "webmaster@localhost".to_owned(),
            reset_url: None,
        }
    }
}
