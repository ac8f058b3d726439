//! [`CheckId`]: the name of a check.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// The name of a check, such as `security.W005`; whether there is such a check is known when every app has brought its own.
///
/// `silenced_checks` (`SILENCED_SYSTEM_CHECKS`) is a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct CheckId(String);

const OWN: &[&str] = &[
    "security.W004",
    "security.W005",
    "security.W006",
    "security.W008",
    "security.W009",
    "security.W012",
    "security.W015",
    "security.W016",
    "security.W018",
    "security.W019",
    "security.W020",
    "security.W021",
    "security.W022",
    "security.E023",
    "security.E024",
    "security.W025",
    "doorward.E001",
    "doorward.E002",
    "doorward.E003",
    "doorward.E004",
    "doorward.E005",
    "doorward.E006",
    "doorward.W001",
    "doorward.W002",
    "doorward.W003",
    "doorward.W004",
    "doorward.W005",
    "doorward.W006",
    "doorward.W007",
    "doorward.W008",
    "doorward.W009",
    "doorward.W010",
    "doorward.W011",
    "doorward.W012",
    "doorward.W013",
    "doorward.W014",
    "doorward.W015",
    "doorward.W016",
    "doorward.W017",
    "doorward.W018",
    "doorward.W019",
    "doorward.W020",
    "doorward.I001",
];

impl CheckId {
    /// All that [`deploy`](crate::checks::deploy) and the command `check` tell of Doorward.
    pub(crate) const OWN: &'static [&'static str] = OWN;

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for CheckId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl JsonSchema for CheckId {
    fn schema_name() -> Cow<'static, str> {
        "CheckId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every id that stands in the source of the checks is one that can be silenced.
    #[test]
    fn every_check_has_its_id() {
        let sources = [
            include_str!("../checks/security.rs"),
            include_str!("../checks/gate.rs"),
            include_str!("../apps/cors.rs"),
            include_str!("../apps/csrf.rs"),
            include_str!("../apps/redis/mod.rs"),
            include_str!("../apps/rest.rs"),
            include_str!("../apps/security/gate.rs"),
            include_str!("../apps/security/headers.rs"),
            include_str!("../apps/throttle.rs"),
            include_str!("../../../doorward-auth/src/logins/app.rs"),
            include_str!("../../../doorward-auth/src/jwt/checks.rs"),
            include_str!("../../../doorward-auth/src/users/app.rs"),
            include_str!("../../../doorward-auth/src/lockout/check.rs"),
            include_str!("../../../doorward-server/src/metrics/check.rs"),
            include_str!("../../../doorward-server/src/commands/check/database.rs"),
            include_str!("../../../doorward-server/src/commands/check/files.rs"),
        ];
        let mut seen = 0;
        for source in sources {
            for text in source.split('"').filter(|text| is_id(text)) {
                assert!(CheckId::OWN.contains(&text), "{text}");
                seen += 1;
            }
        }
        assert!(seen >= OWN.len(), "{seen}");
    }

    fn is_id(text: &str) -> bool {
        let number = ["security.", "doorward."]
            .iter()
            .find_map(|kind| text.strip_prefix(kind));
        number.is_some_and(|number| {
            number.len() == 4
                && number
                    .get(1..)
                    .is_some_and(|digits| digits.parse::<u16>().is_ok())
        })
    }
}
