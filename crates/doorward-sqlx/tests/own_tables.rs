//! A database that Django made and `doorward migrate` has not seen: tokens rotate as SimpleJWT rotates them, and what
//! needs a table of ours says so.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod whole;

use std::time::Duration;

use doorward_core::stores::ReuseBinding;
use doorward_core::stores::{
    Lineage, NewPassword, OutstandingToken, Predecessor, ReuseDetection, ReuseRule, Revoke, Rotation, Stores,
    UserField, moment_after,
};
use doorward_core::user::UserId;
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_sqlx::migrations::Migrator;
use doorward_sqlx::{Database, Schema, open_stores};
use whole::whole;

const NOW: Timestamp = Timestamp::from_secs(1_000);

async fn adopted() -> (Migrator, Stores) {
    let database = Database::open("sqlite::memory:").await.unwrap();
    let migrator = whole(&database, &Schema::default());
    migrator.apply(NOW).await.unwrap();
    for sql in [
        "DROP TABLE doorward_migration",
        "DROP TABLE doorward_token_family",
        "DROP TABLE doorward_token_reuse",
        "DROP TABLE doorward_revocation",
        "DROP TABLE doorward_login_counter",
        "DROP TABLE doorward_node",
        "INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, \
         date_joined) VALUES (1, '!', 0, 'alice', '', '', '', 0, 1, '2020-01-01 00:00:00')",
    ] {
        database.execute(sql, []).await.unwrap();
    }
    (migrator, open_stores(&database, &Schema::default()))
}

fn token(jti: &str) -> OutstandingToken {
    OutstandingToken {
        jti: jti.to_owned(),
        token: Secret::new(jti.to_owned()),
        user: Some(UserId::Int(1)),
        created_at: Some(NOW),
        expires_at: Timestamp::from_secs(9_000),
    }
}

async fn rotate(stores: &Stores, old: &str, new: &str) -> Rotation {
    let lineage = Lineage {
        family: "0".repeat(32),
        began_at: NOW,
        claims: "{}".to_owned(),
        client: String::new(),
        rule: ReuseRule {
            grace: Duration::from_secs(10),
            binding: ReuseBinding::None,
            detection: ReuseDetection::RevokeFamily,
        },
    };
    let predecessor = Predecessor::Blacklist(lineage);
    let rotation = stores
        .outstanding_tokens
        .rotate(token(old), token(new), predecessor, NOW);
    rotation.await.unwrap()
}

#[tokio::test]
async fn without_our_tables_rotation_is_simple_jwts() {
    let (_, stores) = adopted().await;
    assert_eq!(rotate(&stores, "a", "b").await, Rotation::Done);
    assert_eq!(rotate(&stores, "a", "never").await, Rotation::Blacklisted);
    assert_eq!(rotate(&stores, "b", "c").await, Rotation::Done);
    assert_eq!(
        stores.outstanding_tokens.family_began_at("c").await.unwrap(),
        None
    );
    assert_eq!(
        stores
            .outstanding_tokens
            .revoke_family(token("c"), NOW)
            .await
            .unwrap(),
        1
    );
    let ended = Timestamp::from_secs(9_000);
    assert_eq!(
        stores.outstanding_tokens.delete_expired(ended, 10).await.unwrap(),
        3
    );
}

#[tokio::test]
async fn what_needs_a_table_of_ours_says_so() {
    let (_, stores) = adopted().await;
    let holder = stores
        .revocations
        .holder(UserField::Id, "1")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (holder.user.username.as_str(), holder.not_before),
        ("alice", None)
    );
    let user = UserId::Int(1);
    let error = stores.revocations.revoke_user(&user, Revoke::ALL, NOW).await;
    let error = error.unwrap_err();
    assert!(error.to_string().contains("doorward migrate"), "{error}");
    let password = || NewPassword {
        old: None,
        new: Secret::new("new".to_owned()),
    };
    let error = stores
        .revocations
        .replace_password(&user, password(), Revoke::ALL, NOW)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("doorward migrate"), "{error}");
    let holder = stores.revocations.holder(UserField::Id, "1").await.unwrap();
    assert_eq!(holder.unwrap().user.password.expose(), "!", "nothing was written");
    let done = stores
        .revocations
        .replace_password(&user, password(), Revoke::default(), NOW);
    assert!(done.await.unwrap().is_some(), "a password alone needs none");
}

#[tokio::test]
async fn migrating_beside_a_running_server_is_enough() {
    let (migrator, stores) = adopted().await;
    assert_eq!(rotate(&stores, "a", "b").await, Rotation::Done);
    migrator.apply(NOW).await.unwrap();
    // What was rotated before has no family; what is rotated now begins one.
    assert_eq!(rotate(&stores, "a", "never").await, Rotation::Blacklisted);
    assert_eq!(rotate(&stores, "b", "c").await, Rotation::Done);
    assert_eq!(
        rotate(&stores, "b", "never").await,
        Rotation::Replayed("{}".to_owned())
    );
    let user = UserId::Int(1);
    let revoked = stores
        .revocations
        .revoke_user(&user, Revoke::JSON_WEB_TOKENS, NOW);
    let revoked = revoked.await.unwrap();
    assert_eq!(revoked.blacklisted, 1);
    let holder = stores
        .revocations
        .holder(UserField::Username, "alice")
        .await
        .unwrap();
    assert_eq!(holder.unwrap().not_before, Some(moment_after(None, NOW)));
}

/// One statement for each look-up on a database that was not migrated, and no look-up is late once it is.
#[tokio::test]
async fn that_our_tables_are_not_there_costs_no_statement() {
    let database = Database::open("sqlite::memory:").await.unwrap();
    let migrator = whole(&database, &Schema::default());
    migrator.apply(NOW).await.unwrap();
    let alice = "INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, \
                 is_active, date_joined) VALUES (1, '!', 0, 'alice', '', '', '', 0, 1, '2020-01-01 00:00:00')";
    for sql in [alice, "DROP TABLE doorward_revocation"] {
        database.execute(sql, []).await.unwrap();
    }
    let stores = open_stores(&database, &Schema::default());
    let ids = ["1".to_owned(), "2".to_owned(), "1".to_owned()];
    for _ in 0..3 {
        let before = database.statements().asked;
        let alone = stores.revocations.holder(UserField::Id, "1").await.unwrap();
        assert_eq!(alone.unwrap().not_before, None);
        let found = stores.revocations.holders(&ids).await.unwrap();
        assert_eq!(found.iter().flatten().count(), 2);
        assert_eq!(database.statements().asked - before, 2);
    }
    for sql in [
        "CREATE TABLE doorward_revocation (user_id integer NOT NULL PRIMARY KEY, not_before datetime NOT NULL)",
        "INSERT INTO doorward_revocation VALUES (1, '2026-01-01 00:00:00.000001')",
    ] {
        database.execute(sql, []).await.unwrap();
    }
    let found = stores.revocations.holder(UserField::Id, "1").await.unwrap();
    assert!(found.unwrap().not_before.is_some(), "it is seen at once");
}
