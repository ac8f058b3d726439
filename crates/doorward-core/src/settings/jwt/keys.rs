//! `[[jwt.keys]]`, `jwt.key_directory`, `[jwt.introspection]`: where keys and answers about tokens come from.
//!
//! A file is named here and read elsewhere: this crate reads none. Who loads the settings fills in what it read
//! (`doorward::settings::Loader` does, and again when keys are to be loaded anew).

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use doorward_django::jwt::KeyFile;
use doorward_django::secret::Secret;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};

use crate::settings::Period;

/// A key of `[[jwt.keys]]`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct JwtKeySettings {
    /// Its name, `kid` in a token's header; its RFC 7638 thumbprint unless set.
    pub kid: Option<String>,
    /// Its algorithm; `jwt.algorithm` unless set.
    pub algorithm: Option<String>,
    /// The HMAC secret or the private key; without one it only verifies.
    pub signing_key: Option<Secret<String>>,
    /// The same, in a file.
    pub signing_key_file: Option<SecretFile>,
    /// The public key, where there is no private one.
    pub verifying_key: Option<Secret<String>>,
    /// The same, in a file.
    pub verifying_key_file: Option<SecretFile>,
}

/// A file with one secret, and what was read from it.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub struct SecretFile {
    path: PathBuf,
    contents: Option<Secret<String>>,
}

impl SecretFile {
    /// A file that nobody has read yet.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            contents: None,
        }
    }

    /// Where it is; relative to the working directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What was read from it.
    #[must_use]
    pub fn contents(&self) -> Option<&Secret<String>> {
        self.contents.as_ref()
    }

    /// Notes what was read from it.
    pub fn fill(&mut self, contents: Secret<String>) {
        self.contents = Some(contents);
    }
}

/// As its path: what was read from it is not told.
impl Serialize for SecretFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.path.display())
    }
}

impl JsonSchema for SecretFile {
    fn schema_name() -> Cow<'static, str> {
        "SecretFile".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "x-type": "file" })
    }
}

impl From<String> for SecretFile {
    fn from(path: String) -> Self {
        Self::new(path)
    }
}

/// A directory of key files, and what was read from it.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub struct KeyDirectory {
    path: PathBuf,
    files: Option<Vec<(String, KeyFile)>>,
}

impl KeyDirectory {
    /// A directory that nobody has read yet.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            files: None,
        }
    }

    /// Where it is; relative to the working directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The keys that were read from it, each with the name of its file.
    #[must_use]
    pub fn files(&self) -> Option<&[(String, KeyFile)]> {
        self.files.as_deref()
    }

    /// Notes what was read from it.
    pub fn fill(&mut self, files: Vec<(String, KeyFile)>) {
        self.files = Some(files);
    }
}

/// As its path: what was read from it is not told.
impl Serialize for KeyDirectory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.path.display())
    }
}

impl JsonSchema for KeyDirectory {
    fn schema_name() -> Cow<'static, str> {
        "KeyDirectory".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "x-type": "directory" })
    }
}

impl From<String> for KeyDirectory {
    fn from(path: String) -> Self {
        Self::new(path)
    }
}

/// `[jwt.introspection]`: who is asked what a token is worth (RFC 7662), for a service that cannot tell itself.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct IntrospectionSettings {
    /// The endpoint; nobody is asked unless set.
    pub url: Option<String>,
    /// The name to log in with there (HTTP Basic).
    pub client_id: Option<String>,
    /// The password of that name.
    pub client_secret: Option<Secret<String>>,
    /// A whole Authorization header in place of the two, such as `Token 0123…`.
    pub authorization: Option<Secret<String>>,
    /// How long an answer is believed: a token that is revoked opens doors that much longer; `0s`: each request asks.
    pub cache: Period,
}

impl Default for IntrospectionSettings {
    fn default() -> Self {
        Self {
            url: None,
            client_id: None,
            client_secret: None,
            authorization: None,
            cache: Period::from_secs(5),
        }
    }
}
