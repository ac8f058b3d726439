//! What OPTIONS tells of fields (`SimpleMetadata.get_serializer_info`, `get_field_info`).

use doorward_django::json::{Object, Value};

use super::options::{Access, Presence};
use super::{Field, Serializer};

impl Serializer {
    /// What OPTIONS tells of the fields, by name.
    #[must_use]
    pub fn info(&self) -> Value {
        let shown = self
            .fields()
            .filter(|(_, field)| field.options.access != Access::Hidden);
        let members = shown.map(|(name, field)| (name.to_owned(), field.info(name)));
        Value::Object(members.collect())
    }
}

impl Field {
    /// What OPTIONS tells of the field: attributes that are not set are left out.
    pub(super) fn info(&self, name: &str) -> Value {
        let options = &self.options;
        let is_read_only = options.access == Access::ReadOnly;
        let is_required = matches!(options.presence, Presence::Required) && !is_read_only;
        let label = options
            .label
            .as_deref()
            .map_or_else(|| label(name), str::to_owned);
        let mut info = Object::new();
        let mut tell = |name: &str, value: Value| drop(info.insert(name.to_owned(), value));
        tell("type", self.kind.type_name().into());
        tell("required", is_required.into());
        tell("read_only", is_read_only.into());
        for (name, text) in [
            ("label", &*label),
            ("help_text", options.help_text.as_deref().unwrap_or_default()),
        ] {
            if !text.is_empty() {
                tell(name, text.into());
            }
        }
        for (name, value) in self.kind.attributes() {
            if name != "choices" || !is_read_only {
                tell(name, value);
            }
        }
        Value::Object(info)
    }
}

/// Python's `name.replace('_', ' ').capitalize()`.
fn label(name: &str) -> String {
    let spaced = name.replace('_', " ");
    let mut characters = spaced.chars();
    let first = characters.next().map(char::to_uppercase);
    let rest = characters.as_str().to_lowercase();
    first.into_iter().flatten().chain(rest.chars()).collect()
}
