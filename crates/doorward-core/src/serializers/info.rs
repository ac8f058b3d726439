//! What OPTIONS tells of fields (`SimpleMetadata.get_serializer_info`, `get_field_info`).

use std::sync::Arc;

use doorward_django::json::{Object, Value};

use super::options::{Access, Options, Presence};
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
        if let Some(item) = self.kind.item() {
            info.insert("child".to_owned(), item.told_as(options).info(""));
        }
        Value::Object(info)
    }

    /// With what is said of the list that it is an item of.
    fn told_as(mut self, list: &Options) -> Self {
        let options = Arc::make_mut(&mut self.options);
        options.presence = list.presence.clone();
        options.access = list.access;
        options.label.clone_from(&list.label);
        options.help_text.clone_from(&list.help_text);
        self
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
