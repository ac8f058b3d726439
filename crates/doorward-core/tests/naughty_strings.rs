//! The big list of naughty strings as names and passwords of new users (`interop/vectors/README.md`).
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use doorward_auth::accounts::{CreateUserError, NewAccount, authenticate, create_user, validate_password};
use doorward_core::Door;
use doorward_django::secret::Secret;
use support::{door, settings};

fn strings() -> Vec<String> {
    let strings: Vec<String> =
        serde_json::from_str(include_str!("../../../interop/vectors/blns.json")).unwrap();
    assert_eq!(strings.len(), 515, "the list is whole");
    strings
}

fn quick() -> Door {
    let mut settings = settings();
    settings.passwords.hashers = vec!["md5".to_owned()];
    door(settings)
}

fn account(username: &str, password: &str) -> NewAccount {
    NewAccount {
        username: username.to_owned(),
        password: Some(Secret::new(password.to_owned())),
        ..NewAccount::default()
    }
}

#[tokio::test]
async fn a_name_is_refused_or_lets_its_user_in() {
    let door = quick();
    let mut made = 0;
    for name in strings() {
        match create_user(&door, account(&name, "wonderland-42")).await {
            Ok(user) => {
                let password = Secret::new("wonderland-42".to_owned());
                let known = authenticate(&door, &user.username, &password).await.unwrap();
                assert_eq!(
                    known.map(|known| known.id.clone()),
                    Some(user.id.clone()),
                    "{name:?}"
                );
                made += 1;
            }
            Err(CreateUserError::Username(_) | CreateUserError::UsernameTaken) => {}
            Err(error) => unreachable!("{name:?}: {error}"),
        }
    }
    assert!(made > 50, "some are names: {made}");
}

#[tokio::test]
async fn a_password_is_kept_as_it_is() {
    let door = quick();
    for (number, password) in strings().into_iter().enumerate() {
        let name = format!("user{number}");
        let user = create_user(&door, account(&name, &password)).await.unwrap();
        let secret = Secret::new(password.clone());
        drop(validate_password(&secret, (&*user).into(), &door).await.unwrap());
        let known = authenticate(&door, &name, &Secret::new(password.clone()))
            .await
            .unwrap();
        assert!(known.is_some(), "{password:?}");
        let longer = Secret::new(format!("{password} "));
        assert!(
            authenticate(&door, &name, &longer).await.unwrap().is_none(),
            "{password:?}"
        );
    }
}
