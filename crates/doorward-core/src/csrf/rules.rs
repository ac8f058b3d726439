//! [`CsrfRules`]: what the settings say of forms, resolved.

use doorward_django::csrf::TrustedOrigins;
use http::HeaderName;

use crate::door::Door;
use crate::settings::header::{as_sent, header_name};
use crate::settings::origin::origin;
use crate::settings::{CsrfSettings, Findings, SettingsError};

const KEY: &str = "csrf.trusted_origins";

/// Which other sites may send forms here (`CSRF_TRUSTED_ORIGINS`), and where the token stands.
#[derive(Debug)]
pub(crate) struct CsrfRules {
    pub(super) trusted: TrustedOrigins,
    pub(super) cookie_domain: Option<String>,
    pub(super) header: HeaderName,
    /// The same, in the letters of the settings.
    pub(super) shown_header: String,
}

impl Door {
    /// Which other sites may send forms here, and where the token stands.
    pub(super) fn csrf_rules(&self) -> &CsrfRules {
        self.required_slot()
    }
}

impl CsrfRules {
    /// The rules of the settings; each thing that is wrong with them is told by itself.
    pub(crate) fn resolve(settings: &CsrfSettings, found: &mut Findings) -> Option<Self> {
        let header = found.note(header(&settings.header_name));
        let trusted = resolve_trusted_origins(settings, found);
        Some(Self {
            trusted: trusted?,
            cookie_domain: settings.cookie_domain.clone(),
            header: header?,
            shown_header: as_sent(&settings.header_name).into_owned(),
        })
    }
}

fn header(setting: &str) -> Result<HeaderName, SettingsError> {
    header_name(setting).ok_or_else(|| {
        let problem = format!("`{}` is no header, such as X-CSRFToken", setting.escape_debug());
        SettingsError::new("csrf.header_name", problem)
    })
}

/// The origins of the settings; each that is none is told by itself.
fn resolve_trusted_origins(settings: &CsrfSettings, found: &mut Findings) -> Option<TrustedOrigins> {
    for text in &settings.trusted_origins {
        if let Err(problem) = origin(text) {
            let text = text.escape_debug();
            found.require(false, KEY, || format!("`{text}`: {problem}"));
        }
    }
    found.note_if_new(trusted_origins(settings))
}

fn trusted_origins(settings: &CsrfSettings) -> Result<TrustedOrigins, SettingsError> {
    let wrong = |problem: String| SettingsError::new(KEY, problem);
    let origins = settings.trusted_origins.iter().map(|text| origin(text));
    let origins: Vec<String> = origins.collect::<Result<_, _>>().map_err(wrong)?;
    TrustedOrigins::parse(origins.iter().map(String::as_str)).map_err(|error| wrong(error.to_string()))
}
