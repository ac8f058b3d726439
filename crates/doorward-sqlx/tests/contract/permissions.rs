use super::Bench;

/// Gives alice a permission of her own and one by a group, one of both, and bob none.
pub(crate) async fn own_and_by_group(bench: &Bench) {
    let (alice, bob) = (bench.user("alice").await, bench.user("bob").await);
    for statement in [
        "INSERT INTO auth_group (id, name) VALUES (1, 'editors'), (2, 'premium'), (3, 'others')",
        "INSERT INTO auth_user_groups (user_id, group_id) VALUES (1, 1), (1, 2)",
        "INSERT INTO auth_group_permissions (group_id, permission_id) \
         SELECT 1, id FROM auth_permission WHERE codename IN ('add_user', 'change_user')",
        "INSERT INTO auth_group_permissions (group_id, permission_id) \
         SELECT 3, id FROM auth_permission WHERE codename = 'delete_group'",
        "INSERT INTO auth_user_user_permissions (user_id, permission_id) \
         SELECT 1, id FROM auth_permission WHERE codename IN ('add_user', 'view_session')",
    ] {
        bench.database.execute(statement, []).await.unwrap();
    }
    let permissions = &bench.stores.permissions;
    let groups: Vec<_> = permissions.groups(&alice.id).await.unwrap().into_iter().collect();
    assert_eq!(groups, ["editors", "premium"]);
    let may: Vec<_> = permissions
        .permissions(&alice.id)
        .await
        .unwrap()
        .into_iter()
        .collect();
    assert_eq!(
        may,
        ["auth.add_user", "auth.change_user", "sessions.view_session"]
    );
    assert!(permissions.groups(&bob.id).await.unwrap().is_empty());
    assert!(permissions.permissions(&bob.id).await.unwrap().is_empty());
}
