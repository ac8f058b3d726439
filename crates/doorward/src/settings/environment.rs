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

/// How many names a key has at most, its sections' included.
const DEEPEST: usize = 8;

/// The path of a key, and its value.
type Setting = (Vec<String>, Node);

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

    /// What the variables set, each a path of keys and a value, or what is wrong with it.
    pub(super) fn settings(&self) -> impl Iterator<Item = Result<Setting, LoadError>> {
        self.0.iter().filter_map(|(name, value)| {
            let origin = Origin::Named(name.clone());
            match value.to_str() {
                None => Some(Err(LoadError::new(&origin, "", "the value is not UTF-8"))),
                Some(text) => setting(name, text, origin).transpose(),
            }
        })
    }
}

/// Shows the names only: values may be secret.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn setting(name: &str, text: &str, origin: Origin) -> Result<Option<Setting>, LoadError> {
    if name == "DOORWARD_CONFIG" {
        return Ok(None);
    }
    if let Some((_, path)) = SHORT_FORMS.iter().find(|(short, _)| *short == name) {
        let path = path.iter().filter(|part| !part.is_empty());
        let path: Vec<String> = path.map(|part| (*part).to_owned()).collect();
        return Ok((!text.is_empty()).then(|| (path, Node::text(text, origin))));
    }
    let key = name.strip_prefix(PREFIX).unwrap_or_default().to_lowercase();
    let path: Vec<String> = key.split("__").map(str::to_owned).collect();
    if path.len() > DEEPEST {
        return Err(LoadError::new(&origin, "", "no key stands in so many sections"));
    }
    let value = value(text);
    Ok(Some((path, Node { value, origin })))
}

/// A value is read as TOML, else as text; where text is wanted, `10` is one.
pub(super) fn value(text: &str) -> Value {
    let plain = || Value::Text(text.to_owned());
    match file::value(text.trim()) {
        None => plain(),
        Some(value @ (Value::Text(_) | Value::List(_) | Value::Table(_))) => value,
        Some(value) => Value::Either(text.to_owned(), Box::new(value)),
    }
}
