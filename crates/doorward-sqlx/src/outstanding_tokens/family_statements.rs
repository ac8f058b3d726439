//! The SQL on the tables of families.

use doorward_core::stores::ReuseEvent;

use crate::database::Sql;
use crate::names::Names;

#[derive(Debug)]
pub(super) struct FamilyStatements {
    pub(super) of: Sql,
    pub(super) began_at: Sql,
    pub(super) begin: Sql,
    pub(super) retire: Sql,
    pub(super) succeed: Sql,
    pub(super) shown_again: Sql,
    pub(super) replay: Sql,
    pub(super) note: Sql,
    pub(super) blacklist: Sql,
    pub(super) events: Sql,
    pub(super) delete_expired: Sql,
    pub(super) delete_events: Sql,
}

impl FamilyStatements {
    pub(super) fn new(names: &Names) -> Self {
        let Names {
            token_family: family,
            token_reuse: reuse,
            dialect,
            ..
        } = names;
        let jti = dialect.exactly("jti");
        let kept = ReuseEvent::KEPT_PER_TOKEN;
        let expired = dialect.some_found_by("jti", family, "id", "expires_at <= ?", "id");
        Self {
            of: Sql::rendered(format!("SELECT family FROM {family} WHERE {jti}")),
            began_at: Sql::rendered(format!("SELECT began_at FROM {family} WHERE {jti}")),
            begin: Sql::rendered(dialect.insert_or_ignore(
                family,
                "family, jti, began_at, expires_at, replays",
                "VALUES (?, ?, ?, ?, 0)",
                "jti",
            )),
            // A successor that was used itself is not answered again: its claims are not needed any more.
            retire: Sql::rendered(format!(
                "UPDATE {family} SET successor = ?, rotated_at = ?, client = ?, claims = NULL WHERE {jti}"
            )),
            succeed: Sql::rendered(format!(
                "INSERT INTO {family} (family, jti, began_at, expires_at, claims, replays) \
                 SELECT family, ?, began_at, ?, ?, 0 FROM {family} WHERE {jti}"
            )),
            shown_again: shown_again(names),
            replay: Sql::rendered(format!(
                "UPDATE {family} SET replays = replays + 1 WHERE {jti} AND rotated_at <= ?"
            )),
            note: Sql::rendered(format!(
                "INSERT INTO {reuse} (family, jti, kind, client, at) SELECT ?, ?, ?, ?, ? \
                 WHERE (SELECT count(*) FROM {reuse} WHERE jti = ?) < {kept}"
            )),
            blacklist: blacklist(names),
            events: Sql::rendered(format!(
                "SELECT family, jti, kind, client, at FROM {reuse} ORDER BY id DESC LIMIT ?"
            )),
            delete_expired: Sql::rendered(dialect.delete_by(family, "id", &expired)),
            delete_events: Sql::rendered(dialect.delete_some(reuse, "id", "at <= ?", "id")),
        }
    }
}

/// What is known of a rotated token, and of its successor.
fn shown_again(names: &Names) -> Sql {
    let Names {
        outstanding,
        blacklisted,
        token_family: family,
        dialect,
        ..
    } = names;
    Sql::rendered(format!(
        "SELECT f.family, f.rotated_at, f.client, f.replays, s.claims, b.id IS NOT NULL FROM {family} f \
         LEFT JOIN {family} s ON s.jti = f.successor LEFT JOIN {outstanding} o ON o.jti = s.jti \
         LEFT JOIN {blacklisted} b ON b.token_id = o.id WHERE {} AND f.rotated_at IS NOT NULL",
        dialect.exactly("f.jti")
    ))
}

/// Blacklists every token of a family.
fn blacklist(names: &Names) -> Sql {
    let Names {
        outstanding,
        blacklisted,
        token_family: family,
        dialect,
        ..
    } = names;
    Sql::rendered(dialect.insert_or_ignore(
        blacklisted,
        "blacklisted_at, token_id",
        &format!(
            "SELECT ?, o.id FROM {outstanding} o INNER JOIN {family} f ON f.jti = o.jti WHERE f.family = ?{}",
            dialect.kept("o")
        ),
        "token_id",
    ))
}
