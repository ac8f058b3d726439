//! A user's key as the value of a column that refers to a user.

use doorward_db::Value;
use doorward_db::database::FromValue;
use uuid::Uuid;

use super::UserId;

/// As a column keeps it.
impl From<&UserId> for Value {
    fn from(value: &UserId) -> Self {
        match value {
            UserId::Int(number) => Self::Int(*number),
            UserId::Uuid(uuid) => Self::Uuid(*uuid),
            UserId::Text(text) => Self::Text(text.as_ref().to_owned()),
        }
    }
}

impl From<UserId> for Value {
    fn from(value: UserId) -> Self {
        Self::from(&value)
    }
}

/// What a column holds that refers to a user. A text that is written as Django writes UUIDs, with hyphens or without, is one:
/// where the keys of users are such texts (`[user] id = "text"`), read a `String` and make [`UserId::Text`] of it.
impl FromValue for UserId {
    const NAME: &'static str = "key of a user";

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Int(number) => Some(Self::Int(number)),
            Value::Uuid(uuid) => Some(Self::Uuid(uuid)),
            Value::Text(text) => Some(match uuid_of_django(&text) {
                Some(uuid) => Self::Uuid(uuid),
                None => Self::Text(text.into()),
            }),
            _ => None,
        }
    }
}

/// As Django writes it on databases without a type for it, or as MariaDB's type shows it.
fn uuid_of_django(text: &str) -> Option<Uuid> {
    let uuid = Uuid::try_parse(text).ok()?;
    let is_written_so = uuid.simple().to_string() == text || uuid.hyphenated().to_string() == text;
    is_written_so.then_some(uuid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_as_it_was_bound() {
        let uuid = Uuid::from_u128(0x1234_5678_9abc_def0_1234_5678_9abc_def0);
        for id in [UserId::Int(7), UserId::Uuid(uuid), UserId::Text("alice".into())] {
            assert_eq!(UserId::from_value(Value::from(&id)), Some(id.clone()));
            assert_eq!(Value::from(&id), Value::from(id));
        }
        assert_eq!(UserId::from_value(Value::Null), None);
        assert_eq!(UserId::from_value(Value::Real(7.0)), None);
        assert_eq!(Option::<UserId>::from_value(Value::Null), Some(None));
    }

    /// SQLite has no type for UUIDs; MariaDB has one from 10.7 on, which is shown with hyphens.
    #[test]
    fn a_text_as_django_writes_uuids_is_one() {
        let uuid = Uuid::from_u128(0xa5);
        for text in [
            "000000000000000000000000000000a5",
            "00000000-0000-0000-0000-0000000000a5",
        ] {
            assert_eq!(UserId::from_value(Value::from(text)), Some(UserId::Uuid(uuid)));
        }
        for text in [
            "000000000000000000000000000000A5",
            "{00000000-0000-0000-0000-0000000000a5}",
            "a5",
            "",
        ] {
            assert_eq!(
                UserId::from_value(Value::from(text)),
                Some(UserId::Text(text.into()))
            );
        }
    }
}
