//! [`PoolStatus`]: how many connections are in use.

/// The connections of one pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStatus {
    /// What it is for: `readers` or `writers`.
    pub name: &'static str,
    /// How many connections there are at most.
    pub size: usize,
    /// How many somebody uses now.
    pub in_use: usize,
    /// How many are open and rest.
    pub idle: usize,
}
