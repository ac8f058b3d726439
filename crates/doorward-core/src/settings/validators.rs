//! `passwords.validators`: names of validators, with their options.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use doorward_django::passwords::validators::PasswordList;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::names::names;

/// Where Django's validators are, as its settings name them.
const MODULE: &str = "django.contrib.auth.password_validation.";

names! {
    /// A validator by its name in `django.contrib.auth.password_validation`.
    ValidatorName {
        /// Not too like the user's name or address; `user_attributes`, `max_similarity`.
        UserAttributeSimilarityValidator = "UserAttributeSimilarityValidator",
        /// At least so many characters; `min_length`.
        MinimumLengthValidator = "MinimumLengthValidator",
        /// None that many have; `password_list_path`.
        CommonPasswordValidator = "CommonPasswordValidator",
        /// Not digits alone.
        NumericPasswordValidator = "NumericPasswordValidator",
    }
}

/// `[[passwords.validators]]`: a validator and its options (an entry of `AUTH_PASSWORD_VALIDATORS`). A name alone may stand for
/// a table.
#[derive(Clone, PartialEq, JsonSchema)]
#[non_exhaustive]
pub struct ValidatorSettings {
    /// Its name; Django's with their module or without it.
    pub name: ValidatorName,
    /// How many characters a password has at least (`min_length`); 8 unless set.
    pub min_length: Option<usize>,
    /// What a password is compared with (`user_attributes`): `username`, `first_name`, `last_name`, `email`; all of them unless
    /// set.
    pub user_attributes: Option<Vec<String>>,
    /// How like them is too like (`max_similarity`), from 0.1 upwards; 0.7 unless set, and 1 is the same letters.
    pub max_similarity: Option<f64>,
    /// A file of passwords that nobody may have (`password_list_path`), one a line, packed with gzip or not; Django's list
    /// unless set.
    pub password_list_path: Option<PasswordListFile>,
}

impl From<ValidatorName> for ValidatorSettings {
    fn from(name: ValidatorName) -> Self {
        Self {
            name,
            min_length: None,
            user_attributes: None,
            max_similarity: None,
            password_list_path: None,
        }
    }
}

impl ValidatorSettings {
    /// The options that are set, by their names.
    #[must_use]
    pub fn options(&self) -> Vec<&'static str> {
        let options = [
            ("min_length", self.min_length.is_some()),
            ("user_attributes", self.user_attributes.is_some()),
            ("max_similarity", self.max_similarity.is_some()),
            ("password_list_path", self.password_list_path.is_some()),
        ];
        let set = options.into_iter().filter(|(_, is_set)| *is_set);
        set.map(|(name, _)| name).collect()
    }
}

/// As a settings file has it: a name alone where no option is set.
impl fmt::Debug for ValidatorSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.options().is_empty() {
            true => self.name.fmt(f),
            false => Table::from(self).fmt(f),
        }
    }
}

impl Serialize for ValidatorSettings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.options().is_empty() {
            true => self.name.serialize(serializer),
            false => Table::from(self).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ValidatorSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Entry)
    }
}

/// A validator as a table.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Table {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_length: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_attributes: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_similarity: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password_list_path: Option<PasswordListFile>,
}

impl From<&ValidatorSettings> for Table {
    fn from(settings: &ValidatorSettings) -> Self {
        Self {
            name: settings.name.as_str().to_owned(),
            min_length: settings.min_length,
            user_attributes: settings.user_attributes.clone(),
            max_similarity: settings.max_similarity,
            password_list_path: settings.password_list_path.clone(),
        }
    }
}

impl From<Table> for ValidatorSettings {
    fn from(table: Table) -> Self {
        Self {
            name: named(&table.name),
            min_length: table.min_length,
            user_attributes: table.user_attributes,
            max_similarity: table.max_similarity,
            password_list_path: table.password_list_path,
        }
    }
}

fn named(name: &str) -> ValidatorName {
    ValidatorName::of(name.strip_prefix(MODULE).unwrap_or(name))
}

struct Entry;

impl<'de> Visitor<'de> for Entry {
    type Value = ValidatorSettings;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a validator, or a table of its name and its options")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<ValidatorSettings, E> {
        Ok(named(name).into())
    }

    fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<ValidatorSettings, A::Error> {
        Table::deserialize(MapAccessDeserializer::new(table)).map(ValidatorSettings::from)
    }
}

/// A file of passwords that nobody may have, and what was read from it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct PasswordListFile {
    path: PathBuf,
    list: Option<PasswordList>,
}

impl PasswordListFile {
    /// A file that nobody has read yet.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { path, list: None }
    }

    /// Where it is; relative to the working directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What was read from it.
    #[must_use]
    pub fn list(&self) -> Option<&PasswordList> {
        self.list.as_ref()
    }

    /// Notes what was read from it.
    pub fn fill(&mut self, list: PasswordList) {
        self.list = Some(list);
    }
}

impl From<String> for PasswordListFile {
    fn from(path: String) -> Self {
        Self::new(path)
    }
}

/// As its path.
impl Serialize for PasswordListFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.path.display())
    }
}

impl JsonSchema for PasswordListFile {
    fn schema_name() -> Cow<'static, str> {
        "PasswordListFile".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "x-type": "file" })
    }
}
