//! Groups and permissions: `auth_group`, `auth_permission` and the tables between them and users.

use std::collections::BTreeSet;

use doorward_core::Answer;
use doorward_core::stores::{PermissionStore, StoreAnswer, StoreError};
use doorward_core::user::UserId;

use crate::database::{self, Database, Row, Sql, Value};
use crate::names::Names;
use crate::schema::UserNames;

/// [`PermissionStore`] over SQL.
#[derive(Debug)]
pub(crate) struct SqlPermissionStore {
    database: Database,
    sql: Statements,
}

#[derive(Debug)]
struct Statements {
    groups: Sql,
    permissions: Sql,
}

impl Statements {
    fn new(names: &Names) -> Self {
        let Names {
            user,
            group,
            permission,
            group_permissions,
            content_type,
            ..
        } = names;
        let UserNames {
            groups,
            permissions,
            link,
            ..
        } = user;
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
        Self {
            database: database.clone(),
            sql: Statements::new(names),
        }
    }

    async fn collect(
        &self,
        sql: &Sql,
        users: Vec<Value>,
        read: fn(&Row) -> database::Result<String>,
    ) -> Result<BTreeSet<String>, StoreError> {
        let rows = self.database.fetch_all(sql, users).await?;
        Ok(rows.iter().map(read).collect::<database::Result<_>>()?)
    }
}

impl PermissionStore for SqlPermissionStore {
    fn groups<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>> {
        Answer::pending(self.collect(&self.sql.groups, vec![user.into()], |row| row.read(0)))
    }

    fn permissions<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>> {
        Answer::pending(
            self.collect(&self.sql.permissions, vec![user.into(), user.into()], |row| {
                Ok(format!("{}.{}", row.read::<String>(0)?, row.read::<String>(1)?))
            }),
        )
    }
}
