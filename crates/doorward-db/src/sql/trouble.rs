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
    /// Another transaction was in the way: run again, this one may succeed.
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

    /// The same for a server's.
    pub(super) fn advice_on_server(self) -> &'static str {
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

    /// By PostgreSQL's SQLSTATE (<https://www.postgresql.org/docs/current/errcodes-appendix.html>); `None` for what is no
    /// trouble of the database's.
    #[cfg(feature = "postgres")]
    pub(crate) fn of_sqlstate(state: &str) -> Option<Self> {
        match state {
            "25006" | "53100" => Some(Self::NotWritable),
            "3D000" => Some(Self::NoDatabase),
            "40001" | "40P01" => Some(Self::Conflict),
            "42501" => Some(Self::Denied),
            "53300" => Some(Self::TooMany),
            "55006" | "55P03" | "57014" => Some(Self::Busy),
            "57P01" | "57P02" | "57P03" | "57P05" | "25P03" => Some(Self::Away),
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
