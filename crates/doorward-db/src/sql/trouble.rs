//! [`Trouble`]: why a database cannot do its work now.

use std::fmt;

/// Why a database cannot do its work now, and what somebody has to do about it.
///
/// Its `Display` is a clause such as `the database is busy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// Another process or transaction holds its lock.
    Busy,
    /// It cannot be opened, or its disk does not answer.
    Away,
    /// It can be read, but not written: rights, a read-only file system, a full disk.
    NotWritable,
    /// A process that was killed left a change half done, which whoever only reads must not complete.
    Unfinished,
    /// What it holds is no longer a sound database.
    Damaged,
    /// A server refuses the login.
    Refused,
    /// A server has no database of that name.
    NoDatabase,
    /// A server takes no more connections.
    TooMany,
    /// The user of the database lacks a right.
    Denied,
    /// Another transaction was in the way, or what was prepared is outdated: nothing was done, and run again it may succeed.
    Conflict,
}

impl Trouble {
    /// What to do, for people.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Busy | Self::Conflict | Self::TooMany => {
                "wait until the other process is done, or find it with `fuser`"
            }
            Self::Away | Self::Refused | Self::NoDatabase | Self::Denied => {
                "see that its disk is there, and that this user may open the file"
            }
            Self::NotWritable => {
                "let this user write the file and its folder, and see that the disk is neither full nor mounted \
                 read-only"
            }
            Self::Unfinished => "run `doorward migrate` or start the server once, which completes the change",
            Self::Damaged => "restore it from a copy; `sqlite3 FILE .recover` saves what can be read",
        }
    }

    /// The same for PostgreSQL's.
    pub(super) fn advice_on_postgres(self) -> &'static str {
        match self {
            Self::Busy | Self::Conflict => "wait until the others are done, or find them in pg_stat_activity",
            Self::Away => {
                "see that it runs, and that this machine reaches its address, with TLS as `sslmode` says"
            }
            Self::NotWritable => {
                "name the primary in `database.url`, not a standby, and see that its disk is not full"
            }
            Self::Unfinished | Self::Damaged => {
                "look into the server's log; restore the database from a copy"
            }
            Self::Refused => "correct user and password in `database.url`, or the server's pg_hba.conf",
            Self::NoDatabase => "make it with `createdb`, or correct the name in `database.url`",
            Self::TooMany => "raise its max_connections, or put a pool before it",
            Self::Denied => {
                "give that user the right with GRANT, or name the owner of the tables in `database.url`"
            }
        }
    }

    /// The same for MariaDB's and MySQL's.
    pub(super) fn advice_on_mariadb(self) -> &'static str {
        match self {
            Self::Busy | Self::Conflict => {
                "wait until the others are done, or find them with SHOW PROCESSLIST"
            }
            Self::Away => {
                "see that it runs, and that this machine reaches its address, with TLS as `ssl-mode` says"
            }
            Self::NotWritable => {
                "name the primary in `database.url`, not a replica (read_only), and see that its disk is not full"
            }
            Self::Unfinished | Self::Damaged => {
                "look into the server's log; restore the database from a copy"
            }
            Self::Refused => {
                "correct user and password in `database.url`, or that user's account (SHOW GRANTS)"
            }
            Self::NoDatabase => {
                "make it with CREATE DATABASE … CHARACTER SET utf8mb4, or correct the name in `database.url`"
            }
            Self::TooMany => "raise its max_connections, or put a pool before it",
            Self::Denied => "give that user the right with GRANT, on all tables of the database",
        }
    }

    /// By the number of MariaDB's or MySQL's error (<https://mariadb.com/kb/en/mariadb-error-code-reference/>); `None` for
    /// what is no trouble of the database's.
    #[cfg(feature = "mariadb")]
    pub(crate) fn of_mariadb(number: u16) -> Option<Self> {
        match number {
            // ER_LOCK_DEADLOCK, ER_CHECKREAD (a row changed since), ER_TABLE_DEF_CHANGED, ER_XA_RBDEADLOCK,
            // ER_USER_LOCK_DEADLOCK of MySQL; and, where what was prepared is gone or outdated, ER_UNKNOWN_STMT_HANDLER,
            // ER_NEED_REPREPARE
            1213 | 1020 | 1412 | 1614 | 3058 | 1243 | 1615 => Some(Self::Conflict),
            // ER_LOCK_WAIT_TIMEOUT, ER_LOCK_TABLE_FULL, ER_CANT_UPDATE_WITH_READLOCK, ER_QUERY_INTERRUPTED,
            // ER_STATEMENT_TIMEOUT, ER_LOCK_NOWAIT; and what somebody hears who was interrupted while he sorted or waited for
            // the next number: ER_FILSORT_ABORT, ER_AUTOINC_READ_FAILED; and where the server has no memory, thread or room for
            // a transaction left: ER_OUTOFMEMORY, ER_OUT_OF_SORTMEMORY, ER_OUT_OF_RESOURCES, ER_CANT_CREATE_THREAD,
            // ER_TOO_MANY_CONCURRENT_TRXS
            1037 | 1038 | 1041 | 1135 | 1637 | 1205 | 1206 | 1223 | 1317 | 1969 | 3024 | 3572 | 1028
            | 1467 => Some(Self::Busy),
            // ER_CON_COUNT_ERROR, ER_TOO_MANY_USER_CONNECTIONS, ER_USER_LIMIT_REACHED
            1040 | 1203 | 1226 => Some(Self::TooMany),
            // ER_DBACCESS_DENIED_ERROR, ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR, and of a privilege
            1044 | 1142 | 1143 | 1227 | 1370 | 1419 => Some(Self::Denied),
            // ER_ACCESS_DENIED_ERROR, ER_HOST_NOT_PRIVILEGED, ER_HOST_IS_BLOCKED, ER_ACCOUNT_HAS_BEEN_LOCKED and the like
            1045 | 1129 | 1130 | 1251 | 1275 | 1524 | 1698 | 1820 | 1862 | 3118 | 4151 => Some(Self::Refused),
            // ER_BAD_DB_ERROR
            1049 => Some(Self::NoDatabase),
            // ER_DISK_FULL, ER_ERROR_ON_WRITE, ER_RECORD_FILE_FULL, ER_OPTION_PREVENTS_STATEMENT (read_only),
            // ER_READ_ONLY_MODE, ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, ER_TEMP_FILE_WRITE_FAILURE
            1021 | 1026 | 1114 | 1290 | 1836 | 1792 | 1878 => Some(Self::NotWritable),
            // ER_CANT_OPEN_FILE, ER_ERROR_ON_READ, ER_GET_ERRNO (the storage engine's), ER_UNKNOWN_COM_ERROR (a node of a
            // Galera cluster that has not joined), ER_SERVER_SHUTDOWN, ER_NEW_ABORTING_CONNECTION, ER_CONNECTION_KILLED,
            // ER_ERROR_DURING_COMMIT, and what is told of packets that break off
            1016 | 1024 | 1030 | 1047 | 1053 | 1080 | 1152 | 1156..=1161 | 1180 | 1184 | 1927 | 4031 => {
                Some(Self::Away)
            }
            // ER_NOT_KEYFILE, ER_OLD_KEYFILE, ER_CRASHED_ON_USAGE, ER_CRASHED_ON_REPAIR, ER_INDEX_CORRUPT
            1034 | 1035 | 1194 | 1195 | 1712 => Some(Self::Damaged),
            _ => None,
        }
    }

    /// By PostgreSQL's SQLSTATE (<https://www.postgresql.org/docs/current/errcodes-appendix.html>); `None` for what is no
    /// trouble of the database's.
    #[cfg(feature = "postgres")]
    pub(crate) fn of_sqlstate(state: &str) -> Option<Self> {
        match state {
            "25006" | "53100" => Some(Self::NotWritable),
            "3D000" | "57P04" => Some(Self::NoDatabase),
            "40001" | "40P01" => Some(Self::Conflict),
            "42501" => Some(Self::Denied),
            "53300" => Some(Self::TooMany),
            "55006" | "55P03" | "57014" => Some(Self::Busy),
            // Of a statement whose end is not known (40003), too, nobody says that it was not done.
            "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04" | "40003" => Some(Self::Away),
            "XX001" | "XX002" => Some(Self::Damaged),
            _ => match state.get(..2)? {
                "08" | "53" | "58" => Some(Self::Away),
                "28" => Some(Self::Refused),
                _ => None,
            },
        }
    }

    /// By SQLite's extended result code (<https://sqlite.org/rescode.html>); `None` for what is no trouble of the
    /// database's, such as a fault in a statement.
    pub(crate) fn of_sqlite(code: i32) -> Option<Self> {
        const READONLY_RECOVERY: i32 = 264;
        const READONLY_ROLLBACK: i32 = 776;
        match (code, code & 0xff) {
            (READONLY_RECOVERY | READONLY_ROLLBACK, _) => Some(Self::Unfinished),
            // BUSY, LOCKED, PROTOCOL
            (_, 5 | 6 | 15) => Some(Self::Busy),
            // NOMEM, INTERRUPT, IOERR, CANTOPEN
            (_, 7 | 9 | 10 | 14) => Some(Self::Away),
            // READONLY, FULL
            (_, 8 | 13) => Some(Self::NotWritable),
            // CORRUPT, NOTADB
            (_, 11 | 26) => Some(Self::Damaged),
            _ => None,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Busy => "the database is busy",
            Self::Away => "the database is away",
            Self::NotWritable => "the database cannot be written",
            Self::Unfinished => "the database was left in the middle of a change",
            Self::Damaged => "the database is damaged",
            Self::Refused => "the database refuses the login",
            Self::NoDatabase => "there is no such database",
            Self::TooMany => "the database takes no more connections",
            Self::Denied => "the database does not allow that to this user",
            Self::Conflict => "another transaction was in the way",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "postgres")]
    #[test]
    fn the_states_of_postgresql_have_their_words() {
        for (state, expected) in [
            ("08006", Some(Trouble::Away)),
            ("57P01", Some(Trouble::Away)),
            ("28P01", Some(Trouble::Refused)),
            ("3D000", Some(Trouble::NoDatabase)),
            ("25006", Some(Trouble::NotWritable)),
            ("53100", Some(Trouble::NotWritable)),
            ("53300", Some(Trouble::TooMany)),
            ("40P01", Some(Trouble::Conflict)),
            ("55P03", Some(Trouble::Busy)),
            ("42501", Some(Trouble::Denied)),
            ("XX001", Some(Trouble::Damaged)),
            ("42P01", None),
            ("23505", None),
            ("", None),
        ] {
            assert_eq!(Trouble::of_sqlstate(state), expected, "{state}");
        }
    }

    #[cfg(feature = "mariadb")]
    #[test]
    fn the_numbers_of_mariadb_have_their_words() {
        for (number, expected) in [
            (1213, Some(Trouble::Conflict)),
            (1205, Some(Trouble::Busy)),
            (1040, Some(Trouble::TooMany)),
            (1045, Some(Trouble::Refused)),
            (1049, Some(Trouble::NoDatabase)),
            (1142, Some(Trouble::Denied)),
            (1290, Some(Trouble::NotWritable)),
            (1053, Some(Trouble::Away)),
            (1467, Some(Trouble::Busy)),
            (1041, Some(Trouble::Busy)),
            (1062, None),
            (1146, None),
        ] {
            assert_eq!(Trouble::of_mariadb(number), expected, "{number}");
        }
    }

    #[test]
    fn the_codes_of_sqlite_have_their_words() {
        for (code, expected) in [
            (5, Some(Trouble::Busy)),
            (517, Some(Trouble::Busy)),
            (778, Some(Trouble::Away)),
            (8, Some(Trouble::NotWritable)),
            (1544, Some(Trouble::NotWritable)),
            (776, Some(Trouble::Unfinished)),
            (13, Some(Trouble::NotWritable)),
            (11, Some(Trouble::Damaged)),
            (1, None),
            (2067, None),
        ] {
            assert_eq!(Trouble::of_sqlite(code), expected, "{code}");
        }
    }
}
