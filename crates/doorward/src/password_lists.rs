//! Files of passwords that nobody may have (`password_list_path` of a validator).

use std::fs;
use std::path::Path;

use doorward_core::settings::{Settings, SettingsError, SettingsErrors};
use doorward_django::passwords::validators::PasswordList;

/// Reads every list of passwords that `passwords.validators` names, and notes in the settings what was read.
///
/// [`Loader`](crate::settings::Loader) and [`Doorward`](crate::Doorward) do this; it is for who makes a [`Door`](crate::Door) by
/// other means.
///
/// # Errors
/// [`SettingsErrors`] names each file that cannot be read, or is no list.
pub fn read(settings: &mut Settings) -> Result<(), SettingsErrors> {
    let validators = settings.passwords.validators.iter_mut().enumerate();
    let read = validators.filter_map(|(item, validator)| {
        let file = validator.password_list_path.as_mut()?;
        match list(file.path()) {
            Ok(list) => {
                file.fill(list);
                None
            }
            Err(problem) => Some(SettingsError::new("passwords.validators", problem).of_item(item)),
        }
    });
    SettingsErrors::none_in(read)
}

fn list(path: &Path) -> Result<PasswordList, String> {
    let failed =
        |problem: &dyn std::fmt::Display| format!("`password_list_path`: {}: {problem}", path.display());
    let file = fs::read(path).map_err(|error| failed(&error))?;
    PasswordList::read(&file).map_err(|error| failed(&error))
}
