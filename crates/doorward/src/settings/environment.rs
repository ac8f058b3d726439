//! [`Environment`]: the variables that configure a door.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use super::tree::{Node, Origin, Value};
use super::{LoadError, file};

const PREFIX: &str = "DOORWARD_";

/// Names that stand for a key and whose value is always text.
const SHORT_FORMS: [(&str, [&str; 2]); 3] = [
    ("DOORWARD_SECRET_KEY", ["secret_key", ""]),
    ("DOORWARD_DATABASE_URL", ["database", "url"]),
    ("DOORWARD_REDIS_URL", ["redis", "url"]),
];

/// The variables whose names begin with `DOORWARD_`.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, OsString>);

impl Environment {
    /// The environment of this process.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
    pub fn of_process() -> Self {
        Self::new(std::env::vars_os())
    }

    /// These variables; those of other names are left out.
    pub fn new<N: Into<OsString>, V: Into<OsString>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        let variables = variables.into_iter().filter_map(|(name, value)| {
            let name = name.into().into_string().ok()?;
            name.starts_with(PREFIX).then(|| (name, value.into()))
        });
        Self(variables.collect())
    }

    /// The file that `DOORWARD_CONFIG` names.
    pub(super) fn config(&self) -> Option<PathBuf> {
        let path = self.0.get("DOORWARD_CONFIG")?;
        (!path.is_empty()).then(|| PathBuf::from(path))
    }

    /// What the variables set: paths of keys, and values.
    pub(super) fn settings(&self) -> Result<Vec<(Vec<String>, Node)>, LoadError> {
        let mut settings = Vec::new();
        for (name, value) in &self.0 {
            let origin = Origin::Named(name.clone());
            let Some(text) = value.to_str() else {
                return Err(LoadError::new(&origin, "", "the value is not UTF-8"));
            };
            if let Some(setting) = setting(name, text, origin) {
                settings.push(setting);
            }
        }
        Ok(settings)
    }
}

/// Shows the names only: values may be secret.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn setting(name: &str, text: &str, origin: Origin) -> Option<(Vec<String>, Node)> {
    if name == "DOORWARD_CONFIG" {
        return None;
    }
    if let Some((_, path)) = SHORT_FORMS.iter().find(|(short, _)| *short == name) {
        let path = path.iter().filter(|part| !part.is_empty());
        let path: Vec<String> = path.map(|part| (*part).to_owned()).collect();
        return (!text.is_empty()).then(|| (path, Node::text(text, origin)));
    }
    let key = name.strip_prefix(PREFIX)?.to_lowercase();
    let path = key.split("__").map(str::to_owned).collect();
    let value = value(text);
    Some((path, Node { value, origin }))
}

/// A value is read as TOML, else as text; where text is wanted, `10` is one.
fn value(text: &str) -> Value {
    let plain = || Value::Text(text.to_owned());
    match file::value(text.trim()) {
        None => plain(),
        Some(value @ (Value::Text(_) | Value::List(_) | Value::Table(_))) => value,
        Some(value) => Value::Either(text.to_owned(), Box::new(value)),
    }
}
