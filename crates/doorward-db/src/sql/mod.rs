//! What a driver takes and gives: SQL and values, rows and failures, addresses.

mod again;
mod error;
mod local_time;
#[cfg(any(feature = "mariadb", feature = "postgres"))]
mod marks;
mod opening;
mod pool_settings;
mod pool_status;
mod row;
mod text;
mod trouble;
mod url;
mod value;

#[cfg(any(feature = "mariadb", feature = "postgres"))]
pub(crate) use again::Turns;
pub use again::again;
#[cfg(any(feature = "mariadb", feature = "postgres"))]
pub(crate) use error::Server;
pub use error::{DatabaseError, Location};
pub use local_time::{LocalTime, StoredTime};
pub use opening::Opening;
pub use pool_settings::PoolSettings;
pub use pool_status::PoolStatus;
pub use row::{Column, FromValue, Row};
pub use text::Sql;
pub use trouble::Trouble;
pub use value::Value;

pub(crate) use url::DatabaseUrl;
#[cfg(feature = "sqlite")]
pub(crate) use url::Place;

/// What the functions of a database give.
pub type Result<T, E = DatabaseError> = std::result::Result<T, E>;
