//! The SQL on SimpleJWT's two tables.

use crate::batch::Batch;
use crate::database::Sql;
use crate::names::Names;
use crate::schema::UserNames;
use crate::users::LastLogin;

#[derive(Debug)]
pub(super) struct Statements {
    pub(super) record: Sql,
    pub(super) blacklist: Sql,
    pub(super) is_blacklisted: Sql,
    pub(super) are_blacklisted: Batch,
    pub(super) taken_back_at: Sql,
    pub(super) blacklist_page: Sql,
    /// The rows of some expired tokens, which nobody else changes until the transaction ends.
    pub(super) expired: Sql,
    /// What deletes them, but for the list of rows; what refers to them goes first.
    pub(super) delete: [String; 2],
    pub(super) last_login: LastLogin,
}

impl Statements {
    pub(super) fn new(names: &Names) -> Self {
        let Names {
            outstanding,
            blacklisted,
            dialect,
            ..
        } = names;
        let UserNames { table, id, .. } = &names.user;
        let jti = dialect.exactly("jti");
        let expired = dialect.some_found_by("jti", outstanding, "id", "expires_at <= ?", "id");
        Self {
            last_login: LastLogin::new(names),
            // The user may be deleted at any time; then the token is nobody's, as after ON DELETE SET NULL.
            record: Sql::rendered(dialect.insert_or_ignore(
                outstanding,
                "jti, token, user_id, created_at, expires_at",
                &format!("VALUES (?, ?, (SELECT {id} FROM {table} WHERE {id} = ?), ?, ?)"),
                "jti",
            )),
            blacklist: Sql::rendered(dialect.insert_or_ignore(
                blacklisted,
                "blacklisted_at, token_id",
                &format!(
                    "SELECT ?, id FROM {outstanding} WHERE {jti}{}",
                    dialect.kept(outstanding)
                ),
                "token_id",
            )),
            is_blacklisted: Sql::rendered(format!(
                "SELECT 1 FROM {blacklisted} b INNER JOIN {outstanding} o ON o.id = b.token_id WHERE {}",
                dialect.exactly("o.jti")
            )),
            are_blacklisted: Batch::new(|jtis| {
                format!(
                    "SELECT o.jti FROM {blacklisted} b INNER JOIN {outstanding} o ON o.id = b.token_id WHERE o.jti IN {jtis}"
                )
            }),
            taken_back_at: read_blacklisted(names, "o.user_id = ? AND b.blacklisted_at = ?"),
            blacklist_page: read_blacklisted(names, "b.id > ? AND o.expires_at > ?"),
            expired: Sql::rendered(format!("SELECT chosen FROM {expired} AS expired")),
            delete: [
                format!("DELETE FROM {blacklisted} WHERE token_id IN"),
                format!("DELETE FROM {outstanding} WHERE id IN"),
            ],
        }
    }
}

/// What [`BlacklistedToken`](doorward_core::stores::BlacklistedToken) tells of those rows, in their order.
fn read_blacklisted(names: &Names, which: &str) -> Sql {
    let Names {
        outstanding,
        blacklisted,
        ..
    } = names;
    Sql::rendered(format!(
        "SELECT b.id, o.jti, o.expires_at FROM {blacklisted} b INNER JOIN {outstanding} o ON o.id = b.token_id \
         WHERE {which} ORDER BY b.id LIMIT ?"
    ))
}
