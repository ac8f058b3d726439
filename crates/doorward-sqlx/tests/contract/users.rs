use doorward_core::UserId;
use doorward_core::stores::{Created, CreatedUnlike, NewUser, UserField};
use doorward_sqlx::Dialect;

use super::{Bench, at, new_user, secret};

pub(crate) async fn a_user_reads_back(bench: &Bench) {
    let users = &bench.stores.users;
    assert!(users.is_empty().await.unwrap());
    let made = bench.user("alice").await;
    assert!(!users.is_empty().await.unwrap());
    let read = users.by_id(&made.id).await.unwrap().expect("is there");
    assert_eq!(read.username, "alice");
    assert_eq!(read.password.expose(), "md5$salt$hash");
    assert_eq!(read.email, "alice@example.com");
    assert_eq!((read.first_name.as_str(), read.last_name.as_str()), ("", ""));
    assert!(read.is_active && !read.is_staff && !read.is_superuser);
    assert_eq!((read.last_login, read.date_joined), (None, at(1_000)));
    assert!(users.by_id(&UserId::Int(999)).await.unwrap().is_none());
}

pub(crate) async fn names_are_exact(bench: &Bench) {
    let names = [
        "Zoë",
        "zoë",
        "Zoe\u{308}",
        "zoe",
        "zoe ",
        " zoe",
        "zo%",
        "zoe\0x",
        "I",
        "ı",
        "ß",
        "ss",
    ];
    let stores_nul = bench.database.dialect() != Dialect::Postgres;
    let (names, refused): (Vec<_>, Vec<_>) = names
        .into_iter()
        .partition(|name| stores_nul || !name.contains('\0'));
    let (names, taken) = made(bench, &names).await;
    for name in taken {
        assert!(
            bench.stores.users.by_username(name).await.unwrap().is_none(),
            "{name:?}"
        );
    }
    for name in refused {
        assert!(
            bench.stores.users.create(new_user(name)).await.is_err(),
            "{name:?}"
        );
        assert!(bench.stores.users.by_username(name).await.unwrap().is_none());
    }
    for name in names {
        let found = bench.stores.users.by_username(name).await.unwrap().expect(name);
        assert_eq!(found.username, name);
    }
    for name in ["", "ZOE", "zo", "zoe  ", "zo_", "' OR 1=1 --", "zoe\0", "i", "SS"] {
        assert!(
            bench.stores.users.by_username(name).await.unwrap().is_none(),
            "{name:?}"
        );
    }
}

/// Of these names those that got a user, and those that are taken: where a database takes texts for the same whose case,
/// accents or trailing spaces differ, there is one of them.
async fn made<'n>(bench: &Bench, names: &[&'n str]) -> (Vec<&'n str>, Vec<&'n str>) {
    let (mut made, mut taken) = (Vec::new(), Vec::new());
    for name in names {
        match bench.stores.users.create(new_user(name)).await.unwrap() {
            Created::User(_) => made.push(*name),
            Created::UsernameTaken => taken.push(*name),
        }
    }
    let is_exact = match bench.database.dialect() {
        Dialect::MariaDb => {
            let sql = "SELECT @@collation_database LIKE '%nopad_bin'";
            let row = bench.database.fetch_optional(sql, []).await.unwrap().unwrap();
            row.read(0).unwrap()
        }
        _ => true,
    };
    assert_eq!(taken.is_empty(), is_exact, "{taken:?}");
    (made, taken)
}

pub(crate) async fn case_is_ignored_where_it_is_asked(bench: &Bench) {
    let users = &bench.stores.users;
    let names = ["Ann", "ann", "bob", "an%", "a_n", "Zoë", "ann "];
    let (_, taken) = made(bench, &names).await;
    let is_made = |name: &&str| !taken.contains(name);
    let found = async |field, value: &str| {
        let rows = users.by_field_ignoring_case(field, value).await.unwrap();
        let mut names: Vec<_> = rows.iter().map(|row| row.username.clone()).collect();
        names.sort();
        names
    };
    let anns = ["Ann", "ann"].into_iter().filter(is_made);
    assert_eq!(found(UserField::Username, "ANN").await, anns.collect::<Vec<_>>());
    assert_eq!(found(UserField::Username, "zoë").await, ["Zoë"]);
    assert_eq!(found(UserField::Username, "AN%").await, ["an%"]);
    for nobody in ["", "an", "a__", "%", "BOB ", "' OR 1=1 --"] {
        assert!(found(UserField::Username, nobody).await.is_empty(), "{nobody}");
    }
    assert_eq!(found(UserField::Email, "BOB@Example.COM").await, ["bob"]);
    assert!(found(UserField::Email, "bob").await.is_empty());
    let bob = users.by_username("bob").await.unwrap().unwrap();
    assert_eq!(found(UserField::Id, &bob.id.to_string()).await, ["bob"]);
    assert!(found(UserField::Id, "bob").await.is_empty());
}

/// Who is told that there is no new user finds none.
pub(crate) async fn a_row_that_cannot_be_read_is_not_made(bench: &Bench) {
    let spoil: &[&str] = match bench.database.dialect() {
        Dialect::Sqlite => &["CREATE TRIGGER spoil AFTER INSERT ON auth_user \
             BEGIN UPDATE auth_user SET date_joined = 'never' WHERE id = NEW.id; END"],
        Dialect::MariaDb => &[
            "ALTER TABLE auth_user MODIFY password varchar(128) NULL",
            "CREATE TRIGGER spoil BEFORE INSERT ON auth_user FOR EACH ROW SET NEW.password = NULL",
        ],
        _ => &[
            "ALTER TABLE auth_user ALTER password DROP NOT NULL",
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql \
             AS 'BEGIN NEW.password := NULL; RETURN NEW; END'",
            "CREATE TRIGGER spoil BEFORE INSERT ON auth_user FOR EACH ROW EXECUTE FUNCTION spoil()",
        ],
    };
    for statement in spoil {
        bench.database.execute(*statement, []).await.unwrap();
    }
    assert!(bench.stores.users.create(new_user("bob")).await.is_err());
    assert!(bench.stores.users.is_empty().await.unwrap());
}

pub(crate) async fn a_name_is_taken_once(bench: &Bench) {
    let made = bench
        .crowd(|stores, _| async move { stores.users.create(new_user("bob")).await.unwrap() })
        .await;
    let winners = made
        .iter()
        .filter(|made| matches!(made, Created::User(_)))
        .count();
    assert_eq!(winners, 1);
}

pub(crate) async fn a_name_is_taken_once_whatever_its_case(bench: &Bench) {
    let fields = [UserField::Username, UserField::Email];
    let names = ["bob", "Bob", "BOB", "bOB"];
    let made = bench
        .crowd(|stores, number| async move {
            let user = new_user(names[number % names.len()]);
            stores.users.create_unlike(user, &fields).await.unwrap()
        })
        .await;
    let winners = made.iter().filter(|made| matches!(made, CreatedUnlike::User(_)));
    assert_eq!(winners.count(), 1);
    let address = NewUser {
        email: "BOB@example.com".to_owned(),
        ..new_user("another")
    };
    let users = &bench.stores.users;
    let taken = users.create_unlike(address.clone(), &fields).await.unwrap();
    assert!(matches!(taken, CreatedUnlike::EmailTaken), "{taken:?}");
    let made = users
        .create_unlike(address, &[UserField::Username])
        .await
        .unwrap();
    assert!(matches!(made, CreatedUnlike::User(_)), "{made:?}");
}

pub(crate) async fn fields_name_one_user_or_none(bench: &Bench) {
    let users = &bench.stores.users;
    let alice = bench.user("alice").await;
    let by = |field, value: &'static str| async move {
        let found = users.by_field(field, value).await.unwrap();
        found.map(|user| user.username.clone())
    };
    assert_eq!(by(UserField::Username, "alice").await.as_deref(), Some("alice"));
    assert_eq!(
        by(UserField::Email, "alice@example.com").await.as_deref(),
        Some("alice")
    );
    assert_eq!(by(UserField::Email, "ALICE@example.com").await, None);
    let id = alice.id.to_string();
    let found = users.by_field(UserField::Id, &id).await.unwrap();
    assert_eq!(found.expect("by id").username, "alice");
    assert_eq!(by(UserField::Id, "alice").await, None);
    let twin = NewUser {
        email: "alice@example.com".to_owned(),
        ..new_user("twin")
    };
    users.create(twin).await.unwrap();
    assert_eq!(
        by(UserField::Email, "alice@example.com").await,
        None,
        "two have it"
    );
}

pub(crate) async fn keys_have_one_text(bench: &Bench) {
    let users = &bench.stores.users;
    assert_eq!(users.parse_id("7"), Some(UserId::Int(7)));
    assert_eq!(users.parse_id("-7"), Some(UserId::Int(-7)));
    for text in [
        "",
        "+7",
        "07",
        "7.0",
        " 7",
        "7 ",
        "7_0",
        "７",
        "true",
        "9223372036854775808",
    ] {
        assert_eq!(users.parse_id(text), None, "{text:?}");
    }
}

pub(crate) async fn a_hash_is_upgraded_only_if_it_is_still_the_same(bench: &Bench) {
    let users = &bench.stores.users;
    let id = bench.user("alice").await.id.clone();
    users.set_password(&id, secret("changed")).await.unwrap();
    let stale = secret("md5$salt$hash");
    assert!(
        !users
            .upgrade_password(&id, &stale, secret("harder"))
            .await
            .unwrap()
    );
    let read = users.by_id(&id).await.unwrap().unwrap();
    assert_eq!(read.password.expose(), "changed");
    assert!(
        users
            .upgrade_password(&id, &secret("changed"), secret("harder"))
            .await
            .unwrap()
    );
    let wins = bench
        .crowd(move |stores, number| {
            let id = id.clone();
            async move {
                let to = secret(&format!("new {number}"));
                stores
                    .users
                    .upgrade_password(&id, &secret("harder"), to)
                    .await
                    .unwrap()
            }
        })
        .await;
    assert_eq!(wins.iter().filter(|won| **won).count(), 1);
}

pub(crate) async fn the_last_login_is_kept_to_the_microsecond(bench: &Bench) {
    let users = &bench.stores.users;
    let id = bench.user("alice").await.id.clone();
    users.set_last_login(&id, at(5_000)).await.unwrap();
    assert_eq!(
        users.by_id(&id).await.unwrap().unwrap().last_login,
        Some(at(5_000))
    );
    users.set_last_login(&UserId::Int(999), at(5_000)).await.unwrap();
}
