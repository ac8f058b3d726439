//! Which other sites may send forms here (`CSRF_TRUSTED_ORIGINS`).

use doorward_django::csrf::TrustedOrigins;

use crate::door::Door;
use crate::settings::origin::origin;
use crate::settings::{CsrfSettings, Findings, SettingsError};

const KEY: &str = "csrf.trusted_origins";

impl Door {
    /// The other sites whose pages may send forms here.
    pub(super) fn trusted_origins(&self) -> &TrustedOrigins {
        self.required_slot()
    }
}

/// The origins of the settings; each that is none is told by itself.
pub(crate) fn resolve_trusted_origins(
    settings: &CsrfSettings,
    found: &mut Findings,
) -> Option<TrustedOrigins> {
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
