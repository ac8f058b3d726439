//! [`PoolSettings`]: how many connections there may be, and how long one waits.

use std::time::Duration;

/// How a process uses a server of databases. A file has its own few connections, whatever stands here.
///
/// ```
/// use doorward_db::PoolSettings;
///
/// let settings = PoolSettings { max_connections: 4, ..PoolSettings::default() };
/// assert_eq!((settings.readers(), settings.writers()), (2, 2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolSettings {
    /// How many connections one process holds at most; half of them read, half write. At least 2.
    pub max_connections: u32,
    /// How long a task waits for one that is free.
    pub pool_timeout: Duration,
    /// How long a server may take to accept one; of several servers, each.
    pub connect_timeout: Duration,
    /// How long a statement waits for a lock.
    pub lock_timeout: Duration,
    /// How old a connection gets.
    pub max_lifetime: Duration,
    /// Whether statements stay prepared from one transaction to the next; `None` finds out whether they can.
    pub prepared_statements: Option<bool>,
}

impl PoolSettings {
    /// How many of them read; those who read never wait for those who write.
    #[must_use]
    pub fn readers(&self) -> usize {
        (self.max_connections as usize).div_ceil(2).max(1)
    }

    /// How many of them write.
    #[must_use]
    pub fn writers(&self) -> usize {
        (self.max_connections as usize / 2).max(1)
    }
}

impl Default for PoolSettings {
    /// 16 connections: a server allows 100 at first, for all who use it.
    fn default() -> Self {
        Self {
            max_connections: 16,
            pool_timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(5),
            max_lifetime: Duration::from_secs(3_600),
            prepared_statements: None,
        }
    }
}
