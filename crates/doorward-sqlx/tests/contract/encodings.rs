//! What a database, or a column of it, cannot hold is found nowhere, and refused where it is to be written.

use doorward_core::stores::{Created, Outage, UserField};

use super::{Bench, at, new_user};

/// Beyond Latin letters, beyond the first plane, and no letters at all.
const NAMES: [&str; 5] = ["имя", "中文", "😀", "na\u{301}me😀", "ada"];

pub(crate) async fn a_text_that_cannot_be_held_is_a_miss_and_never_a_fault(bench: &Bench) {
    let stores = &bench.stores;
    let user = bench.user("ada-lovelace").await;
    for name in NAMES {
        assert!(stores.users.by_username(name).await.unwrap().is_none(), "{name}");
        for field in [UserField::Username, UserField::Email] {
            assert!(
                stores.users.by_field(field, name).await.unwrap().is_none(),
                "{name}"
            );
            let found = stores.users.by_field_ignoring_case(field, name).await.unwrap();
            assert!(found.is_empty(), "{name}");
        }
        assert!(
            stores.sessions.load(name, at(0)).await.unwrap().is_none(),
            "{name}"
        );
        assert!(stores.auth_tokens.by_key(name).await.unwrap().is_none(), "{name}");
        assert!(
            !stores.outstanding_tokens.is_blacklisted(name).await.unwrap(),
            "{name}"
        );
    }
    assert!(
        stores
            .users
            .by_username("ada-lovelace")
            .await
            .unwrap()
            .is_some_and(|found| found.id == user.id)
    );
}

pub(crate) async fn a_name_that_cannot_be_held_is_refused_as_a_wrong_one(bench: &Bench) {
    for name in NAMES {
        match bench.stores.users.create(new_user(name)).await {
            Ok(Created::User(user)) => {
                let found = bench.stores.users.by_username(name).await.unwrap().expect(name);
                assert_eq!(found.id, user.id);
            }
            Ok(Created::UsernameTaken) => panic!("{name} is taken by nobody"),
            Err(error) => assert_eq!(error.outage(), Outage::Unstorable, "{name}: {error:?}"),
        }
    }
    assert!(bench.stores.users.by_username("ada").await.unwrap().is_some());
}
