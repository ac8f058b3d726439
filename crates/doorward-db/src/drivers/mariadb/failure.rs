//! What a failure of sqlx's means, by the number of the server's error where there is one.

use std::error::Error;

use sqlx::error::ErrorKind;
use sqlx::mysql::MySqlDatabaseError;

use crate::sql::{DatabaseError, Trouble};

/// What a server said, without the values that it repeats: one may be a token.
#[derive(Debug, thiserror::Error)]
#[error("{message} (error {number})")]
struct Refusal {
    message: String,
    number: u16,
}

/// `ER_TABLE_EXISTS_ERROR`, `ER_BAD_TABLE_ERROR` (of a `DROP`), `ER_DUP_FIELDNAME`, `ER_DUP_KEYNAME`,
/// `ER_MULTIPLE_PRI_KEY`, `ER_CANT_DROP_FIELD_OR_KEY`, `ER_FK_DUP_NAME`.
const EXISTS: [u16; 7] = [1050, 1051, 1060, 1061, 1068, 1091, 1826];
/// `ER_CANT_CREATE_TABLE`, which MariaDB says of a constraint whose name is taken, too.
const CANNOT_CREATE: u16 = 1005;
const NAME_IS_TAKEN: &str = "errno: 121";
/// `ER_DUP_ENTRY`
pub(super) const DUPLICATE: u16 = 1062;

/// Texts that a column cannot hold, nor be compared with: `ER_CANT_AGGREGATE_2COLLATIONS`, `ER_CANT_AGGREGATE_3COLLATIONS`,
/// `ER_CANT_AGGREGATE_NCOLLATIONS`, `ER_INVALID_CHARACTER_STRING`, `ER_CANNOT_CONVERT_CHARACTER` of MariaDB,
/// `ER_CANNOT_CONVERT_STRING` and `ER_IMPOSSIBLE_STRING_CONVERSION` of MySQL.
const UNSTORABLE: [u16; 7] = [1267, 1270, 1271, 1300, 1977, 3854, 3988];
/// `ER_TRUNCATED_WRONG_VALUE_FOR_FIELD`, of texts and of numbers.
const TRUNCATED_FOR_FIELD: u16 = 1366;
/// `ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION`
const READ_ONLY: u16 = 1792;

/// Errors whose message repeats a value: `ER_DUP_KEY`, `ER_DUP_ENTRY`, `ER_DUP_UNIQUE`, `ER_TRUNCATED_WRONG_VALUE`,
/// `ER_TRUNCATED_WRONG_VALUE_FOR_FIELD`, `ER_ILLEGAL_VALUE_FOR_TYPE`, `ER_WRONG_VALUE_FOR_TYPE`, `ER_WRONG_VALUE`,
/// `ER_DUP_ENTRY_WITH_KEY_NAME`, `ER_DATA_OUT_OF_RANGE`, and of [`UNSTORABLE`].
const REPEATING: [u16; 14] = [
    1022,
    DUPLICATE,
    1169,
    1292,
    1300,
    TRUNCATED_FOR_FIELD,
    1367,
    1411,
    1525,
    1586,
    1690,
    1977,
    3854,
    3988,
];

/// Whether what was prepared on a connection is outdated: `ER_UNKNOWN_STMT_HANDLER`, `ER_NEED_REPREPARE`.
pub(super) fn found_outdated(error: &DatabaseError) -> bool {
    let source = error.source();
    let refusal = source.and_then(|source| source.downcast_ref::<Refusal>());
    refusal.is_some_and(|refusal| matches!(refusal.number, 1243 | 1615))
}

/// Whether a session for reading was to write: a function that writes is not known by the statement's words.
pub(super) fn is_read_only(error: &DatabaseError) -> bool {
    let source = error.source();
    let refusal = source.and_then(|source| source.downcast_ref::<Refusal>());
    refusal.is_some_and(|refusal| refusal.number == READ_ONLY)
}

pub(super) fn error(error: sqlx::Error) -> DatabaseError {
    let sqlx::Error::Database(told) = error else {
        return other(error);
    };
    let number = told.try_downcast_ref().map_or(0, MySqlDatabaseError::number);
    of(number, told.message(), &told.kind())
}

/// What a warning means that is passed over by an `INSERT IGNORE`, and would be an error without that.
pub(super) fn passed_over(number: u16, message: &str) -> DatabaseError {
    let kind = match number {
        1216 | 1452 => ErrorKind::ForeignKeyViolation,
        _ => ErrorKind::Other,
    };
    of(number, message, &kind)
}

fn of(number: u16, message: &str, kind: &ErrorKind) -> DatabaseError {
    let is_unstorable = UNSTORABLE.contains(&number)
        || (number == TRUNCATED_FOR_FIELD && message.starts_with("Incorrect string value"));
    let exists = EXISTS.contains(&number) || (number == CANNOT_CREATE && message.contains(NAME_IS_TAKEN));
    let message = match REPEATING.contains(&number) {
        true => without_value(message),
        false => message.to_owned(),
    };
    // Once in a box, and not twice: `is_read_only` looks into it.
    let cause: Box<dyn Error + Send + Sync> = Box::new(Refusal { message, number });
    match (kind, Trouble::of_mariadb(number)) {
        (ErrorKind::UniqueViolation, _) => DatabaseError::Unique(cause),
        (ErrorKind::ForeignKeyViolation, _) => DatabaseError::ForeignKey(cause),
        (_, Some(trouble)) => DatabaseError::unavailable(trouble, cause),
        (_, None) if is_unstorable => DatabaseError::Unstorable(cause),
        (_, None) if exists => DatabaseError::Exists(cause),
        (_, None) => DatabaseError::Statement(cause),
    }
}

/// What stands before a value in quotes, and after it.
fn without_value(message: &str) -> String {
    let before = message.split('\'').next().unwrap_or_default();
    match message.rsplit_once("' for ") {
        Some((_, after)) => format!("{before}… for {after}"),
        None => format!("{before}…"),
    }
}

/// A connection that broke, or what answers does not speak this protocol, or not over TLS.
fn other(error: sqlx::Error) -> DatabaseError {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => {
            DatabaseError::unavailable(Trouble::Away, error)
        }
        _ => DatabaseError::Statement(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_not_repeated() {
        for (number, message, expected) in [
            (
                1062,
                "Duplicate entry 'can' for key 'ary' for key 'username'",
                "Duplicate entry … for key 'username' (error 1062)",
            ),
            (
                1366,
                "Incorrect string value: '\\xF0canary' for column `d`.`t`.`c` at row 1",
                "Incorrect string value: … for column `d`.`t`.`c` at row 1 (error 1366)",
            ),
            (
                1292,
                "Truncated incorrect DOUBLE value: 'canary'",
                "Truncated incorrect DOUBLE value: … (error 1292)",
            ),
            (
                1146,
                "Table 'd.t' doesn't exist",
                "Table 'd.t' doesn't exist (error 1146)",
            ),
        ] {
            let error = of(number, message, &ErrorKind::Other);
            let told = error.source().map(ToString::to_string);
            assert_eq!(told.as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_was_prepared_in_vain_is_told_from_other_conflicts() {
        let found = |number| {
            found_outdated(&of(
                number,
                "The statement has to be re-prepared",
                &ErrorKind::Other,
            ))
        };
        assert!(found(1615) && found(1243));
        assert!(!found(1213));
    }

    #[test]
    fn texts_that_cannot_be_held_are_told_from_numbers_that_are_none() {
        let is_unstorable = |number, message| {
            matches!(
                of(number, message, &ErrorKind::Other),
                DatabaseError::Unstorable(_)
            )
        };
        assert!(is_unstorable(1267, "Illegal mix of collations"));
        assert!(is_unstorable(
            1366,
            "Incorrect string value: 'canary' for column `c` at row 1"
        ));
        assert!(!is_unstorable(
            1366,
            "Incorrect integer value: 'canary' for column `n` at row 1"
        ));
    }

    #[test]
    fn what_is_there_already_is_told_from_other_faults() {
        let exists =
            |number, message| matches!(of(number, message, &ErrorKind::Other), DatabaseError::Exists(_));
        assert!(exists(1050, "Table 't' already exists"));
        assert!(exists(
            1005,
            "Can't create table `d`.`t` (errno: 121 \"Duplicate key on write or update\")"
        ));
        assert!(!exists(
            1005,
            "Can't create table `d`.`t` (errno: 150 \"Foreign key constraint is incorrectly formed\")"
        ));
        assert!(!exists(1146, "Table 'd.t' doesn't exist"));
    }
}
