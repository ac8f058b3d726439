//! [`CheckId`]: the name of a check.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The name of a check that there is, such as `security.W005`.
///
/// `silenced_checks` (`SILENCED_SYSTEM_CHECKS`) is a list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckId(&'static str);

/// All that [`deploy`](crate::checks::deploy) and the command `check` tell.
const ALL: &[&str] = &[
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
    "doorward.I001",
];

impl CheckId {
    /// Its text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The check of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        ALL.iter().find(|known| **known == name).copied().map(Self)
    }
}

impl<'de> Deserialize<'de> for CheckId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&name).ok_or_else(|| D::Error::unknown_variant(&name, ALL))
    }
}

impl Serialize for CheckId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl JsonSchema for CheckId {
    fn schema_name() -> Cow<'static, str> {
        "CheckId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": r"^(security|doorward)\.[EWI][0-9]{3}$" })
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
            include_str!("../apps/redis.rs"),
            include_str!("../apps/rest.rs"),
            include_str!("../apps/security/gate.rs"),
            include_str!("../apps/security/headers.rs"),
            include_str!("../apps/throttle.rs"),
            include_str!("../logins/app.rs"),
            include_str!("../users/app.rs"),
            include_str!("../../../doorward-auth/src/lockout/check.rs"),
            include_str!("../../../doorward-server/src/commands/check/database.rs"),
            include_str!("../../../doorward-server/src/commands/check/files.rs"),
        ];
        let mut seen = 0;
        for source in sources {
            for text in source.split('"').filter(|text| is_id(text)) {
                assert!(CheckId::parse(text).is_some(), "{text}");
                seen += 1;
            }
        }
        assert!(seen >= ALL.len(), "{seen}");
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
