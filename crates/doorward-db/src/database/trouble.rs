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
    /// What the file holds is no longer a sound database.
    Damaged,
}

impl Trouble {
    /// What to do, for people.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Busy => "wait until the other process is done, or find it with `fuser`",
            Self::Away => "see that its disk is there, and that this user may open the file",
            Self::NotWritable => {
                "let this user write the file and its folder, and see that the disk is neither full nor mounted \
                 read-only"
            }
            Self::Unfinished => "run `doorward migrate` or start the server once, which completes the change",
            Self::Damaged => "restore it from a copy; `sqlite3 FILE .recover` saves what can be read",
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
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
