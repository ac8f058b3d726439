//! Rows that a test writes behind the application's back, into Django's own tables.

use doorward_core::user::{UserId, UserRow};
use doorward_sqlx::{Database, DatabaseError, Transaction, Value};

pub(crate) type Result<T> = std::result::Result<T, DatabaseError>;

const PUT_USER: &str = "\
    INSERT INTO auth_user (id, username, password, email, first_name, last_name, is_active, is_staff, is_superuser, \
                           last_login, date_joined) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
    ON CONFLICT (id) DO UPDATE SET \
        username = excluded.username, password = excluded.password, email = excluded.email, \
        first_name = excluded.first_name, last_name = excluded.last_name, is_active = excluded.is_active, \
        is_staff = excluded.is_staff, is_superuser = excluded.is_superuser, last_login = excluded.last_login, \
        date_joined = excluded.date_joined";

/// What falls with a user: `Model.delete` with Django's `CASCADE`, and SimpleJWT's `SET_NULL`.
const REMOVE_USER: [&str; 6] = [
    "DELETE FROM authtoken_token WHERE user_id = ?",
    "DELETE FROM auth_user_groups WHERE user_id = ?",
    "DELETE FROM auth_user_user_permissions WHERE user_id = ?",
    "DELETE FROM django_admin_log WHERE user_id = ?",
    "UPDATE token_blacklist_outstandingtoken SET user_id = NULL WHERE user_id = ?",
    "DELETE FROM auth_user WHERE id = ?",
];

const GROUP: &str = "INSERT INTO auth_group (name) VALUES (?) ON CONFLICT (name) DO NOTHING";

const MEMBER: &str = "\
    INSERT INTO auth_user_groups (user_id, group_id) SELECT ?, id FROM auth_group WHERE name = ? \
    ON CONFLICT (user_id, group_id) DO NOTHING";

const PERMISSION: &str = "\
    SELECT p.id FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id \
    WHERE t.app_label = ? AND p.codename = ?";

const CONTENT_TYPE: &str = "\
    INSERT INTO django_content_type (app_label, model) VALUES (?, ?) ON CONFLICT (app_label, model) DO NOTHING";

const NEW_PERMISSION: &str = "\
    INSERT INTO auth_permission (content_type_id, codename, name) \
    SELECT id, ?, ? FROM django_content_type WHERE app_label = ? AND model = ?";

const GRANT: &str = "\
    INSERT INTO auth_user_user_permissions (user_id, permission_id) VALUES (?, ?) \
    ON CONFLICT (user_id, permission_id) DO NOTHING";

pub(crate) async fn put_user(database: &Database, user: UserRow) -> Result<()> {
    let values: [Value; 11] = [
        (&user.id).into(),
        user.username.into(),
        (&user.password).into(),
        user.email.into(),
        user.first_name.into(),
        user.last_name.into(),
        user.is_active.into(),
        user.is_staff.into(),
        user.is_superuser.into(),
        user.last_login.into(),
        user.date_joined.into(),
    ];
    database.execute(PUT_USER, values).await?;
    Ok(())
}

pub(crate) async fn remove_user(database: &Database, id: &UserId) -> Result<()> {
    let mut transaction = database.transaction().await?;
    for statement in REMOVE_USER {
        transaction.execute(statement, [id.into()]).await?;
    }
    transaction.commit().await
}

pub(crate) async fn add_to_group(database: &Database, user: &UserId, group: &str) -> Result<()> {
    let mut transaction = database.transaction().await?;
    transaction.execute(GROUP, [group.into()]).await?;
    transaction.execute(MEMBER, [user.into(), group.into()]).await?;
    transaction.commit().await
}

pub(crate) async fn grant(database: &Database, user: &UserId, permission: &str) -> Result<()> {
    let (app, codename) = permission.split_once('.').unwrap_or(("", permission));
    let mut transaction = database.transaction().await?;
    let id = match permission_id(&mut transaction, app, codename).await? {
        Some(id) => Some(id),
        None => new_permission(&mut transaction, app, codename).await?,
    };
    if let Some(id) = id {
        transaction.execute(GRANT, [user.into(), id.into()]).await?;
    }
    transaction.commit().await
}

async fn permission_id(transaction: &mut Transaction, app: &str, codename: &str) -> Result<Option<i64>> {
    let row = transaction.fetch_optional(PERMISSION, [app.into(), codename.into()]);
    row.await?.map(|row| row.read(0)).transpose()
}

/// A permission as Django's for a model: `view_product` is one of the model `product`.
async fn new_permission(transaction: &mut Transaction, app: &str, codename: &str) -> Result<Option<i64>> {
    let (action, model) = codename.split_once('_').unwrap_or(("use", codename));
    let name = format!("Can {action} {model}");
    transaction
        .execute(CONTENT_TYPE, [app.into(), model.into()])
        .await?;
    let values = [codename.into(), name.into(), app.into(), model.into()];
    transaction.execute(NEW_PERMISSION, values).await?;
    permission_id(transaction, app, codename).await
}
