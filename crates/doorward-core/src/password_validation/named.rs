//! Django's validators by their names, with the options of the settings.

use doorward_django::bounds::MAX_NEW_PASSWORD;
use doorward_django::passwords::validators::{UserAttribute, UserAttributeSimilarity, Validator};

use crate::settings::tree::unknown_name;
use crate::settings::{Findings, PasswordSettings, SettingsError, ValidatorName, ValidatorSettings};

/// Tells of options that a validator has not, and of values that are impossible.
pub(crate) fn check_options(settings: &PasswordSettings, found: &mut Findings) {
    for (item, validator) in settings.validators.iter().enumerate() {
        let judged = with_options(validator);
        found.note(
            judged.map_err(|problem| SettingsError::new("passwords.validators", problem).of_item(item)),
        );
    }
}

/// The validator that the settings want; `None` for one that an app brings.
///
/// # Errors
/// An option that it has not, or that has no possible value.
pub(crate) fn with_options(settings: &ValidatorSettings) -> Result<Option<Validator>, String> {
    check_known(settings)?;
    Ok(Some(match &settings.name {
        ValidatorName::UserAttributeSimilarityValidator => similarity(settings)?,
        ValidatorName::MinimumLengthValidator => minimum_length(settings)?,
        ValidatorName::CommonPasswordValidator => common(settings)?,
        ValidatorName::NumericPasswordValidator => Validator::NumericPassword,
        ValidatorName::App(_) => return Ok(None),
    }))
}

/// Which options a validator has.
fn options_of(name: &ValidatorName) -> &'static [&'static str] {
    match name {
        ValidatorName::UserAttributeSimilarityValidator => &["user_attributes", "max_similarity"],
        ValidatorName::MinimumLengthValidator => &["min_length"],
        ValidatorName::CommonPasswordValidator => &["password_list_path"],
        ValidatorName::NumericPasswordValidator | ValidatorName::App(_) => &[],
    }
}

fn check_known(settings: &ValidatorSettings) -> Result<(), String> {
    let known = options_of(&settings.name);
    let Some(foreign) = settings
        .options()
        .into_iter()
        .find(|option| !known.contains(option))
    else {
        return Ok(());
    };
    let name = settings.name.as_str().escape_debug();
    Err(match (&settings.name, known) {
        (ValidatorName::App(_), _) => {
            format!(
                "`{foreign}` is no option of `{name}`, which an app brings: what it can be told stands in the app's section"
            )
        }
        (_, []) => format!("`{foreign}` is no option of `{name}`, which has none"),
        (_, known) => format!(
            "`{foreign}` is no option of `{name}`; it has `{}`",
            known.join("`, `")
        ),
    })
}

fn similarity(settings: &ValidatorSettings) -> Result<Validator, String> {
    let attributes = match &settings.user_attributes {
        None => UserAttribute::ALL.to_vec(),
        Some(names) => names
            .iter()
            .map(|name| attribute(name))
            .collect::<Result<_, _>>()?,
    };
    let similarity = settings.max_similarity.unwrap_or(DEFAULT_SIMILARITY);
    let made = UserAttributeSimilarity::new(attributes, similarity);
    let made = made.ok_or_else(|| format!("`max_similarity` must be at least 0.1, and is {similarity}"))?;
    Ok(Validator::UserAttributeSimilarity(made))
}

/// Django's `max_similarity`, unless it is set.
const DEFAULT_SIMILARITY: f64 = 0.7;

fn attribute(name: &str) -> Result<UserAttribute, String> {
    let known = UserAttribute::ALL.into_iter().find(|known| known.name() == name);
    known.ok_or_else(|| {
        let names = UserAttribute::ALL.map(UserAttribute::name);
        format!("`user_attributes`: {}", unknown_name(name, &names))
    })
}

fn minimum_length(settings: &ValidatorSettings) -> Result<Validator, String> {
    match settings.min_length.unwrap_or(Validator::DEFAULT_MINIMUM_LENGTH) {
        length if length <= MAX_NEW_PASSWORD => Ok(Validator::MinimumLength(length)),
        length => Err(format!(
            "`min_length` is {length}, and a password has at most {MAX_NEW_PASSWORD} characters"
        )),
    }
}

fn common(settings: &ValidatorSettings) -> Result<Validator, String> {
    let Some(file) = &settings.password_list_path else {
        return Ok(Validator::CommonPassword);
    };
    match file.list() {
        Some(list) => Ok(Validator::ListedPassword(list.clone())),
        None => Err(format!(
            "`password_list_path`: nobody has read `{}`; `doorward::password_lists::read` does",
            file.path().display()
        )),
    }
}
