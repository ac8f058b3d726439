//! Which other sites may send forms here (`CSRF_TRUSTED_ORIGINS`).

use doorward_django::csrf::TrustedOrigins;

use crate::door::Door;
use crate::settings::origin::origin;
use crate::settings::{CsrfSettings, SettingsError};

impl Door {
    /// The other sites whose pages may send forms here.
    pub(super) fn trusted_origins(&self) -> &TrustedOrigins {
        self.required_slot()
    }
}

/// The origins of the settings.
///
/// # Errors
/// One that is none.
pub(crate) fn trusted_origins(settings: &CsrfSettings) -> Result<TrustedOrigins, SettingsError> {
    let wrong = |problem: String| SettingsError::new("csrf.trusted_origins", problem);
    let origins = settings.trusted_origins.iter().map(|text| origin(text));
    let origins: Vec<String> = origins.collect::<Result<_, _>>().map_err(wrong)?;
    TrustedOrigins::parse(origins.iter().map(String::as_str)).map_err(|error| wrong(error.to_string()))
}
