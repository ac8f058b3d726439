//! The migrations of a whole site: Django's, and those of every app that comes with Doorward.

use doorward_sqlx::migrations::Migrator;
use doorward_sqlx::{Database, Schema};

/// As a site has it.
pub(crate) fn whole(database: &Database, schema: &Schema) -> Migrator {
    let tables = doorward_auth::apps().tables().into_iter();
    tables.fold(Migrator::new(database, schema), Migrator::app)
}
