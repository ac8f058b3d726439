//! What programs that use the library are told, where the ready server has no such mistakes.

use axum::routing::{MethodRouter, get};
use doorward::settings::{AuthenticatorName, MailSettings, SecretFile, Settings};
use doorward::throttling::ScopedRateThrottle;
use doorward::{Door, Doorward, ResourceServer, RouteExt, Router};
use doorward_testing::TestDatabase;

use super::snapshot::compare;

const KEY: &str = "a-key-for-tests-that-is-long-enough-0123456789";

#[tokio::test]
async fn doors_and_routes_that_are_refused() {
    let door = Doorward::from_settings(on_memory()).await.expect("it opens");
    let mut told = [services(), doors()].concat();
    told.push(refusal_of(
        door.router().route("/a/", get(hello)).route("/a/", get(hello)),
    ));
    told.push(refusal_of(
        door.router()
            .route("/{a}/", get(hello))
            .route("/{b}/", get(hello)),
    ));
    told.push(refusal_of(door.router().route("a/", get(hello))));
    told.push(refusal_of(door.router().route("/a/../b/", get(hello))));
    told.push(refusal_of(door.router().route("/a/", MethodRouter::new())));
    told.push(refusal_of(door.router().nest_public("/a/", axum::Router::new())));
    let scoped = get(hello).throttle(ScopedRateThrottle).throttle_scope("uploads");
    told.push(refusal_of(door.router().route("/a/", scoped)));
    compare(
        "library",
        &told.iter().map(|line| format!("{line}\n")).collect::<String>(),
    );
}

async fn hello() -> &'static str {
    "hello"
}

fn on_memory() -> Settings {
    let mut settings = Settings::default().with_apps(&doorward::own_apps());
    settings.secret_key = KEY.to_owned().into();
    settings.database.url = "sqlite::memory:".to_owned().into();
    settings
}

fn refusal_of(router: Router) -> String {
    router.into_service().expect_err("a route is wrong").to_string()
}

/// Services without users.
fn services() -> Vec<String> {
    let changes: [fn(&mut Settings); 4] = [
        |_| {},
        |settings| {
            settings.secret_key = KEY.to_owned().into();
            settings.rest.authentication = vec![AuthenticatorName::Basic];
        },
        |settings| settings.redis.url = Some("redis://:hunter2@127.0.0.1".to_owned().into()),
        |settings| settings.jwt.signing_key_file = Some(SecretFile::new("nowhere.key")),
    ];
    let refused = changes.iter().map(|change| {
        let mut settings = Settings::default();
        change(&mut settings);
        ResourceServer::from_settings(settings)
            .expect_err("nothing could be verified")
            .to_string()
    });
    refused.collect()
}

/// Doors that nobody gave what their settings ask for.
fn doors() -> Vec<String> {
    let changes: [fn(&mut Settings); 4] = [
        |settings| settings.jwt.signing_key_file = Some(SecretFile::new("a.key")),
        |settings| settings.jwt.introspection.url = Some("https://id.example/".to_owned()),
        |settings| {
            settings.jwt.algorithm = "RS256".to_owned();
            settings.jwt.jwk_url = Some("https://id.example/keys".to_owned());
        },
        |settings| {
            settings.section_mut::<MailSettings>().url =
                Some("smtps://bob:hunter2@mail.example".to_owned().into());
            settings.section_mut::<MailSettings>().reset_url =
                Some("https://app.example/{uid}/{token}/".to_owned());
        },
    ];
    let refused = changes.iter().map(|change| {
        let mut settings = on_memory();
        change(&mut settings);
        let door = Door::new(settings, TestDatabase::new().stores());
        door.expect_err("something is missing").to_string()
    });
    refused.collect()
}
