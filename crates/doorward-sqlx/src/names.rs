//! [`Names`]: what the tables are called, in SQL.

use doorward_db::schema::{Times, UserNames};
use doorward_db::{Dialect, Schema};

/// Every name in quotes, ready to be put into SQL.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub(crate) dialect: Dialect,
    pub(crate) user: UserNames,
    /// How moments stand in Django's tables.
    pub(crate) times: Times,
    pub(crate) group: String,
    pub(crate) permission: String,
    pub(crate) group_permissions: String,
    pub(crate) content_type: String,
    pub(crate) session: String,
    pub(crate) token: String,
    pub(crate) outstanding: String,
    pub(crate) blacklisted: String,
    pub(crate) token_family: String,
    pub(crate) token_reuse: String,
    pub(crate) revocation: String,
}

impl Names {
    pub(crate) fn new(dialect: Dialect, schema: &Schema) -> Self {
        let quote = |name| dialect.quote(name);
        Self {
            dialect,
            user: UserNames::new(dialect, &schema.user),
            times: schema.times.clone(),
            group: quote("auth_group"),
            permission: quote("auth_permission"),
            group_permissions: quote("auth_group_permissions"),
            content_type: quote("django_content_type"),
            session: quote("django_session"),
            token: quote("authtoken_token"),
            outstanding: quote("token_blacklist_outstandingtoken"),
            blacklisted: quote("token_blacklist_blacklistedtoken"),
            token_family: quote("doorward_token_family"),
            token_reuse: quote("doorward_token_reuse"),
            revocation: quote("doorward_revocation"),
        }
    }
}
