//! [`Opening`]: what may be done to a database.

/// What opening a database may do to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// It is made where there is none.
    OrMake,
    /// It has to be there.
    Existing,
    /// It has to be there, and neither it nor its folder is changed in any way: no lock file, no log, no time of
    /// change. What writes is refused.
    ReadOnly,
}
