//! Groups and permissions: `auth_group`, `auth_permission` and the tables between them and users.

use std::collections::BTreeSet;

use doorward_core::Answer;
use doorward_core::stores::{PermissionStore, StoreAnswer, StoreError};
use doorward_core::user::UserId;

use crate::database::{self, Database, Row, Sql, Value};
use crate::names::Names;
use crate::schema::UserLinks;

/// [`PermissionStore`] over SQL.
#[derive(Debug)]
pub(crate) struct SqlPermissionStore {
    database: Database,
    /// Nothing for a table of users that have neither groups nor permissions.
    sql: Option<Statements>,
}

#[derive(Debug)]
struct Statements {
    groups: Sql,
    permissions: Sql,
}

impl Statements {
    fn new(names: &Names, links: &UserLinks) -> Self {
        let Names {
            dialect,
            group,
            permission,
            group_permissions,
            content_type,
            ..
        } = names;
        let [groups, permissions, link] =
            [&links.groups_table, &links.permissions_table, &links.column].map(|name| dialect.quote(name));
        let select = format!(
            "SELECT c.app_label, p.codename FROM {permission} p \
             INNER JOIN {content_type} c ON c.id = p.content_type_id"
        );
        Self {
            groups: Sql::rendered(format!(
                "SELECT g.name FROM {group} g INNER JOIN {groups} m ON m.group_id = g.id WHERE m.{link} = ?"
            )),
            permissions: Sql::rendered(format!(
                "{select} INNER JOIN {permissions} m ON m.permission_id = p.id WHERE m.{link} = ? UNION \
                 {select} INNER JOIN {group_permissions} gp ON gp.permission_id = p.id \
                 INNER JOIN {groups} m ON m.group_id = gp.group_id WHERE m.{link} = ?"
            )),
        }
    }
}

impl SqlPermissionStore {
    pub(crate) fn new(database: &Database, names: &Names) -> Self {
        let links = names.user.schema.links.as_ref();
        Self {
            database: database.clone(),
            sql: links.map(|links| Statements::new(names, links)),
        }
    }

    async fn collect(
        &self,
        sql: fn(&Statements) -> &Sql,
        users: Vec<Value>,
        read: fn(&Row) -> database::Result<String>,
    ) -> Result<BTreeSet<String>, StoreError> {
        let Some(statements) = &self.sql else {
            return Ok(BTreeSet::new());
        };
        let rows = self.database.fetch_all(sql(statements), users).await?;
        Ok(rows.iter().map(read).collect::<database::Result<_>>()?)
    }
}

impl PermissionStore for SqlPermissionStore {
    fn groups<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>> {
        Answer::pending(self.collect(|sql| &sql.groups, vec![user.into()], |row| row.read(0)))
    }

    fn permissions<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>> {
        Answer::pending(self.collect(
            |sql| &sql.permissions,
            vec![user.into(), user.into()],
            |row| Ok(format!("{}.{}", row.read::<String>(0)?, row.read::<String>(1)?)),
        ))
    }
}
