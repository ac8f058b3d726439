//! What is asked for several keys at once is what is found one by one.

use std::sync::Arc;

use doorward_core::stores::{AuthToken, Revoke, SessionRow, TokenHolder, UserField};
use doorward_core::user::{UserId, UserRow};
use doorward_django::secret::Secret;

use super::outstanding_tokens::token;
use super::{Bench, at, secret};

/// More than one statement takes.
const MANY: usize = 70;

/// Keys that are like `key` to some database, and none.
fn like(key: &str) -> Vec<String> {
    let alike = [
        key.to_uppercase(),
        format!("{key} "),
        format!("{key}\0"),
        String::new(),
    ];
    [vec![key.to_owned(), key.to_owned()], alike.to_vec()].concat()
}

fn secrets(keys: &[String]) -> Vec<Secret<String>> {
    keys.iter().map(|key| secret(key)).collect()
}

/// Few keys and many, each of a statement of its own size; and none.
fn lists(first: &str, others: impl Fn(usize) -> String) -> Vec<Vec<String>> {
    let many = (0..MANY).map(others).chain(like(first)).collect();
    vec![Vec::new(), vec![first.to_owned()], like(first), many]
}

pub(crate) async fn tokens(bench: &Bench) {
    let tokens = &bench.stores.auth_tokens;
    for (name, key) in [("alice", "abc"), ("bob", "key7")] {
        let user = bench.user(name).await.id.clone();
        let (key, created) = (secret(key), at(7));
        tokens.replace(AuthToken { key, user, created }).await.unwrap();
    }
    for keys in lists("abc", |number| format!("key{number}")) {
        let found = tokens.by_keys(&secrets(&keys)).await.unwrap();
        assert_eq!(found.len(), keys.len());
        for (key, found) in keys.iter().zip(found) {
            let alone = tokens.by_key(key).await.unwrap();
            let name =
                |found: Option<(Arc<AuthToken>, Arc<UserRow>)>| found.map(|(_, user)| user.username.clone());
            assert_eq!(name(found), name(alone), "{key:?}");
        }
    }
}

pub(crate) async fn sessions(bench: &Bench) {
    let sessions = &bench.stores.sessions;
    for (key, end) in [("abc", 100), ("key7", 100), ("key8", 50)] {
        let (data, expire_date) = (secret(&format!("of {key}")), at(end));
        let key = secret(key);
        let row = SessionRow {
            key,
            data,
            expire_date,
        };
        assert!(sessions.create(row).await.unwrap());
    }
    for keys in lists("abc", |number| format!("key{number}")) {
        let found = sessions.load_each(&secrets(&keys), at(60)).await.unwrap();
        assert_eq!(found.len(), keys.len());
        for (key, found) in keys.iter().zip(found) {
            let alone = sessions.load(key, at(60)).await.unwrap();
            let what = |row: Option<SessionRow>| {
                row.map(|row| {
                    (
                        row.key.expose().clone(),
                        row.data.expose().clone(),
                        row.expire_date,
                    )
                })
            };
            assert_eq!(what(found), what(alone), "{key:?}");
        }
    }
}

pub(crate) async fn holders(bench: &Bench) {
    let (alice, bob) = (bench.user("alice").await, bench.user("bob").await);
    let revocations = &bench.stores.revocations;
    revocations
        .revoke_user(&bob.id, Revoke::JSON_WEB_TOKENS, at(2))
        .await
        .unwrap();
    for ids in lists(&alice.id.to_string(), |number| number.to_string()) {
        let found = revocations.holders(&ids).await.unwrap();
        assert_eq!(found.len(), ids.len());
        for (id, found) in ids.iter().zip(found) {
            let alone = revocations.holder(UserField::Id, id).await.unwrap();
            let what = |holder: Option<TokenHolder>| {
                holder.map(|holder| (holder.user.username.clone(), holder.not_before))
            };
            assert_eq!(what(found), what(alone), "{id:?}");
        }
    }
}

pub(crate) async fn permissions_and_groups(bench: &Bench) {
    let (alice, bob) = (bench.user("alice").await, bench.user("bob").await);
    for statement in [
        "INSERT INTO auth_group (id, name) VALUES (1, 'editors'), (2, 'premium')",
        "INSERT INTO auth_user_groups (user_id, group_id) VALUES (1, 1), (1, 2), (2, 2)",
        "INSERT INTO auth_group_permissions (group_id, permission_id) \
         SELECT 2, id FROM auth_permission WHERE codename IN ('add_user', 'change_user')",
        "INSERT INTO auth_user_user_permissions (user_id, permission_id) \
         SELECT 1, id FROM auth_permission WHERE codename IN ('add_user', 'view_session')",
    ] {
        bench.database.execute(statement, []).await.unwrap();
    }
    let permissions = &bench.stores.permissions;
    let nobody = (0..70).map(|number| UserId::Int(4_711 + number));
    let many: Vec<_> = nobody
        .chain([alice.id.clone(), bob.id.clone(), alice.id.clone()])
        .collect();
    for users in [&many[..0], &many[70..72], &many[..]] {
        let (may, groups) = (
            permissions.permissions_of(users).await.unwrap(),
            permissions.groups_of(users).await.unwrap(),
        );
        assert_eq!((may.len(), groups.len()), (users.len(), users.len()));
        for (user, (may, groups)) in users.iter().zip(may.into_iter().zip(groups)) {
            assert_eq!(may, permissions.permissions(user).await.unwrap(), "{user}");
            assert_eq!(groups, permissions.groups(user).await.unwrap(), "{user}");
        }
    }
}

pub(crate) async fn the_blacklist(bench: &Bench) {
    let tokens = &bench.stores.outstanding_tokens;
    for jti in ["abc", "jti7"] {
        tokens.blacklist(token(jti, None), at(2)).await.unwrap();
    }
    tokens.record(token("jti8", None)).await.unwrap();
    for jtis in lists("abc", |number| format!("jti{number}")) {
        let found = tokens.are_blacklisted(&jtis).await.unwrap();
        assert_eq!(found.len(), jtis.len());
        for (jti, found) in jtis.iter().zip(found) {
            assert_eq!(found, tokens.is_blacklisted(jti).await.unwrap(), "{jti:?}");
        }
    }
}
