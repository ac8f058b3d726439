//! `[jwt.claims]`: what tokens say beside what SimpleJWT has them say.

use std::borrow::Cow;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Value, json};

/// What a claim of `[jwt.claims]` holds: something of the user, or always the same.
///
/// In a file: `"user.groups"`, and so for each of [`UserClaim`]; a number, a boolean or a list as it is; a text as it is
/// in `{ value = "gold" }`, so that a misspelt field is not taken for one.
///
/// ```
/// use doorward_core::settings::{ClaimTemplate, UserClaim};
///
/// assert_eq!("user.groups".parse(), Ok(ClaimTemplate::User(UserClaim::Groups)));
/// assert!("user.group".parse::<ClaimTemplate>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Value")]
pub enum ClaimTemplate {
    /// Something of the user whom the token is for.
    User(UserClaim),
    /// The same for everyone.
    Value(Value),
}

/// What of a user can be a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserClaim {
    /// `user.id`: the primary key as text, as `user_id` tells it.
    Id,
    /// `user.username`
    Username,
    /// `user.email`
    Email,
    /// `user.first_name`
    FirstName,
    /// `user.last_name`
    LastName,
    /// `user.full_name`: both, as `User.get_full_name` joins them.
    FullName,
    /// `user.is_staff`
    IsStaff,
    /// `user.is_superuser`
    IsSuperuser,
    /// `user.groups`: the names of the user's groups, sorted.
    Groups,
    /// `user.permissions`: the user's own permissions and the groups', sorted; a superuser's are not spelt out.
    Permissions,
}

impl UserClaim {
    const ALL: [(&'static str, Self); 10] = [
        ("user.id", Self::Id),
        ("user.username", Self::Username),
        ("user.email", Self::Email),
        ("user.first_name", Self::FirstName),
        ("user.last_name", Self::LastName),
        ("user.full_name", Self::FullName),
        ("user.is_staff", Self::IsStaff),
        ("user.is_superuser", Self::IsSuperuser),
        ("user.groups", Self::Groups),
        ("user.permissions", Self::Permissions),
    ];

    fn name(self) -> &'static str {
        let known = Self::ALL.into_iter().find(|(_, claim)| *claim == self);
        known.map_or("", |(name, _)| name)
    }
}

/// As a file has it: texts and tables stand in `{ value = … }`.
impl Serialize for ClaimTemplate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::User(claim) => serializer.serialize_str(claim.name()),
            Self::Value(value @ (Value::String(_) | Value::Object(_))) => {
                json!({ "value": value }).serialize(serializer)
            }
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

impl JsonSchema for ClaimTemplate {
    fn schema_name() -> Cow<'static, str> {
        "ClaimTemplate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "string", "enum": UserClaim::ALL.map(|(name, _)| name) },
            { "type": ["number", "boolean", "array"] },
            {
                "type": "object",
                "properties": { "value": true },
                "required": ["value"],
                "additionalProperties": false,
            },
        ] })
    }
}

/// Text that is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ClaimTemplateError(String);

impl FromStr for ClaimTemplate {
    type Err = ClaimTemplateError;

    fn from_str(text: &str) -> Result<Self, ClaimTemplateError> {
        let known = UserClaim::ALL.into_iter().find(|(name, _)| *name == text);
        known.map(|(_, claim)| Self::User(claim)).ok_or_else(|| {
            let names = UserClaim::ALL.map(|(name, _)| name).join(", ");
            // Any other text may stand here by mistake, and be a secret.
            let shown = match text.starts_with("user.") {
                true => format!("`{}`", text.escape_debug()),
                false => "this".to_owned(),
            };
            ClaimTemplateError(format!(
                "{shown} is nothing of a user; known: {names}; a text as it is: {{ value = \"…\" }}"
            ))
        })
    }
}

impl TryFrom<Value> for ClaimTemplate {
    type Error = ClaimTemplateError;

    fn try_from(value: Value) -> Result<Self, ClaimTemplateError> {
        match value {
            Value::String(text) => text.parse(),
            Value::Object(table) => only_value(table),
            literal => Ok(Self::Value(literal)),
        }
    }
}

fn only_value(mut table: serde_json::Map<String, Value>) -> Result<ClaimTemplate, ClaimTemplateError> {
    match (table.remove("value"), table.is_empty()) {
        (Some(value), true) => Ok(ClaimTemplate::Value(value)),
        _ => Err(ClaimTemplateError(
            "a table has one key here: { value = … }".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_are_fields_and_all_else_is_literal() {
        for (name, claim) in UserClaim::ALL {
            assert_eq!(
                ClaimTemplate::try_from(json!(name)),
                Ok(ClaimTemplate::User(claim))
            );
        }
        for literal in [json!(1), json!(true), json!(["a", 2])] {
            let template = ClaimTemplate::try_from(literal.clone());
            assert_eq!(template, Ok(ClaimTemplate::Value(literal)));
        }
        let gold = ClaimTemplate::try_from(json!({ "value": "gold" }));
        assert_eq!(gold, Ok(ClaimTemplate::Value(json!("gold"))));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let literals =
            [json!("gold"), json!({ "a": 1 }), json!(["a", 2]), json!(true)].map(ClaimTemplate::Value);
        let fields = UserClaim::ALL.map(|(_, claim)| ClaimTemplate::User(claim));
        for template in literals.into_iter().chain(fields) {
            let written = serde_json::to_value(&template).unwrap();
            assert_eq!(ClaimTemplate::try_from(written), Ok(template));
        }
    }

    #[test]
    fn what_is_misspelt_is_told_with_what_is_known() {
        for bad in ["gold", "user.group", "user.password", "User.id", "user.id ", ""] {
            let error = ClaimTemplate::try_from(json!(bad)).expect_err("it is misspelt");
            assert!(error.to_string().contains("user.groups"), "{error}");
        }
        for bad in [json!({}), json!({ "value": 1, "of": 2 }), json!({ "values": 1 })] {
            assert!(ClaimTemplate::try_from(bad).is_err());
        }
    }
}
