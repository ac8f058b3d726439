//! `JwtStatelessUserAuthentication`: the token alone says who it is.

use doorward_django::jwt::TokenType;
use serde_json::{Value, json};

use super::site::Site;

const PATH: &str = "/whoami/stateless/";
const UNRECOGNIZABLE: &str =
    r#"{"detail":"Token contained no recognizable user identification","code":"token_not_valid"}"#;

#[tokio::test]
async fn nobody_is_looked_up() {
    let site = Site::new();
    for (id, extra, seen) in [
        (
            json!("4"),
            Value::Null,
            r#"{"id":"4","user":"","is_staff":false,"auth":"AccessToken"}"#,
        ),
        (
            json!(99),
            json!("ghost"),
            r#"{"id":99,"user":"ghost","is_staff":true,"auth":"AccessToken"}"#,
        ),
        (
            json!("uuid-like"),
            json!(7),
            r#"{"id":"uuid-like","user":"","is_staff":true,"auth":"AccessToken"}"#,
        ),
    ] {
        let token = site.forge(TokenType::Access, |claims| {
            claims.insert("user_id", id);
            if !extra.is_null() {
                claims.insert("username", extra);
                claims.insert("is_staff", true);
            }
        });
        site.get(PATH, format!("Bearer {token}")).await.is(200, seen);
    }
}

#[tokio::test]
async fn what_names_nobody_is_refused() {
    let site = Site::new();
    for id in [
        json!(true),
        json!("02"),
        json!(2.0),
        json!(null),
        json!([]),
        json!({}),
    ] {
        let token = site.forge(TokenType::Access, |claims| claims.insert("user_id", id));
        site.get(PATH, format!("Bearer {token}"))
            .await
            .is(401, UNRECOGNIZABLE);
    }
}

#[tokio::test]
async fn only_true_is_true() {
    let site = Site::new();
    for flag in [json!("true"), json!(1), json!("no"), json!(false), json!([1])] {
        let token = site.forge(TokenType::Access, |claims| claims.insert("is_staff", flag));
        let answer = site.get(PATH, format!("Bearer {token}")).await;
        assert!(answer.body.contains(r#""is_staff":false"#), "{}", answer.body);
    }
}
