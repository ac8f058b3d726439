//! Groups and permissions: `auth_group`, `auth_permission` and the tables between them and users.

use std::collections::{BTreeSet, HashMap};

use doorward_core::Answer;
use doorward_core::stores::{PermissionStore, StoreAnswer, StoreError};
use doorward_core::user::UserId;

use crate::batch::Batch;
use crate::database::{self, Database, Row, Sql, Value};
use crate::names::Names;
use crate::schema::{IdType, UserLinks};
use crate::users;

/// [`PermissionStore`] over SQL.
#[derive(Debug)]
pub(crate) struct SqlPermissionStore {
    database: Database,
    /// Nothing for a table of users that have neither groups nor permissions.
    sql: Option<Statements>,
    id: IdType,
}

#[derive(Debug)]
struct Statements {
    groups: Sql,
    permissions: Sql,
    groups_of: Batch,
    permissions_of: Batch,
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
        let select_of = format!(
            "SELECT m.{link}, c.app_label, p.codename FROM {permission} p \
             INNER JOIN {content_type} c ON c.id = p.content_type_id"
        );
        Self {
            groups_of: Batch::new(|users| {
                format!(
                    "SELECT m.{link}, g.name FROM {group} g INNER JOIN {groups} m ON m.group_id = g.id \
                     WHERE m.{link} IN {users}"
                )
            }),
            permissions_of: Batch::new(|users| {
                format!(
                    "{select_of} INNER JOIN {permissions} m ON m.permission_id = p.id WHERE m.{link} IN {users} UNION \
                     {select_of} INNER JOIN {group_permissions} gp ON gp.permission_id = p.id \
                     INNER JOIN {groups} m ON m.group_id = gp.group_id WHERE m.{link} IN {users}"
                )
            }),
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
            id: names.user.schema.id,
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

impl SqlPermissionStore {
    /// What several users hold; the first column of a row says whose it is.
    async fn collect_each(
        &self,
        batch: fn(&Statements) -> &Batch,
        users: &[UserId],
        values: fn(Vec<Value>) -> Vec<Value>,
        read: fn(&Row) -> database::Result<String>,
    ) -> Result<Vec<BTreeSet<String>>, StoreError> {
        let Some(statements) = &self.sql else {
            return Ok(vec![BTreeSet::new(); users.len()]);
        };
        let keys: Vec<_> = users.iter().map(Value::from).collect();
        let mut held: HashMap<UserId, BTreeSet<String>> = HashMap::new();
        for mut row in batch(statements).fetch(&self.database, &keys, values).await? {
            let name = read(&row)?;
            held.entry(users::read_id(&mut row, 0, self.id)?)
                .or_default()
                .insert(name);
        }
        Ok(users
            .iter()
            .map(|user| held.get(user).cloned().unwrap_or_default())
            .collect())
    }
}

fn once(users: Vec<Value>) -> Vec<Value> {
    users
}

/// For a statement that names its list twice.
fn twice(users: Vec<Value>) -> Vec<Value> {
    [users.clone(), users].concat()
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

    fn groups_of<'a>(&'a self, users: &'a [UserId]) -> StoreAnswer<'a, Vec<BTreeSet<String>>> {
        Answer::pending(self.collect_each(|sql| &sql.groups_of, users, once, |row| row.read(1)))
    }

    fn permissions_of<'a>(&'a self, users: &'a [UserId]) -> StoreAnswer<'a, Vec<BTreeSet<String>>> {
        let name = |row: &Row| Ok(format!("{}.{}", row.read::<String>(1)?, row.read::<String>(2)?));
        Answer::pending(self.collect_each(|sql| &sql.permissions_of, users, twice, name))
    }
}
