//! `/api/token/`: a password becomes a pair.

use axum::extract::Request;
use doorward_core::UserId;
use serde_json::{Value, json};

use super::site::{ALICE, NOW, Site, credentials};

const REFUSED: &str = r#"{"detail":"No active account found with the given credentials"}"#;

#[tokio::test]
async fn a_pair_says_what_simple_jwt_says() {
    let site = Site::new();
    let answer = site
        .post("/api/token/", credentials("alice", "wonderland-42"))
        .await;
    assert!(answer.body.starts_with(r#"{"refresh":"ey"#), "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));

    let refresh = site.claims(&answer.text("refresh"));
    let jti = refresh["jti"].clone();
    let expected =
        json!({"token_type": "refresh", "exp": NOW + 86_400, "iat": NOW, "jti": jti, "user_id": "2"});
    assert_eq!(refresh.to_string(), expected.to_string());
    let access = site.claims(&answer.text("access"));
    let jti = access["jti"].clone();
    let expected = json!({"token_type": "access", "exp": NOW + 300, "iat": NOW, "jti": jti, "user_id": "2"});
    assert_eq!(access.to_string(), expected.to_string());
    assert_ne!(access["jti"], refresh["jti"]);
}

#[tokio::test]
async fn wrong_unknown_and_inactive_read_the_same() {
    let site = Site::new();
    for (username, password) in [
        ("alice", "wrong"),
        ("nobody", "x"),
        ("carol", "inactive-7"),
        ("alice\u{301}", "x"),
    ] {
        for path in ["/api/token/", "/api/token/sliding/"] {
            let answer = site.post(path, credentials(username, password)).await;
            answer.is(401, REFUSED);
            assert_eq!(answer.header("www-authenticate"), Some(r#"Bearer realm="api""#));
        }
    }
}

#[tokio::test]
async fn each_field_says_what_it_misses() {
    let site = Site::new();
    let required = r#"{"username":["This field is required."],"password":["This field is required."]}"#;
    let blank =
        r#"{"username":["This field may not be blank."],"password":["This field may not be blank."]}"#;
    let null = r#"{"username":["This field may not be null."],"password":["This field may not be null."]}"#;
    let list = r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#;
    for (body, expected) in [
        (json!({}), required),
        (credentials("", ""), blank),
        (credentials("  ", "  "), blank),
        (json!({"username": null, "password": null}), null),
        (json!([]), list),
        (json!(null), r#"{"non_field_errors":["No data provided"]}"#),
        (
            json!({"username": true, "password": "x"}),
            r#"{"username":["Not a valid string."]}"#,
        ),
        (
            json!({"username": "a\0", "password": "x"}),
            r#"{"username":["Null characters are not allowed."]}"#,
        ),
    ] {
        site.post("/api/token/", body).await.is(400, expected);
    }
    site.post("/api/token/", json!({"username": 12, "password": 3.5}))
        .await
        .is(401, REFUSED);
}

#[tokio::test]
async fn padding_is_tried_and_then_cut_off() {
    let site = Site::new();
    let padded = super::site::user(9, "padded", " x ");
    site.memory.add_user(padded);
    for (username, password, status) in [
        (" alice ", " wonderland-42\n", 200),
        ("padded", " x ", 200),
        ("padded", "x", 401),
        ("padded", "  x ", 401),
    ] {
        let answer = site.post("/api/token/", credentials(username, password)).await;
        assert_eq!(answer.status, status, "{username:?} {password:?}");
    }
}

#[tokio::test]
async fn the_authorization_header_does_not_matter() {
    let site = Site::new();
    for header in ["Bearer broken", "Basic x", "Token x"] {
        let request = Request::post("/api/token/").header("authorization", header);
        let request = request.header("content-type", "application/json");
        let answer = site
            .send(request, credentials("alice", "wonderland-42").to_string())
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

#[tokio::test]
async fn forms_work_as_json_does() {
    let site = Site::new();
    let request = Request::post("/api/token/").header("content-type", "application/x-www-form-urlencoded");
    let answer = site
        .send(request, "username=alice&password=wonderland-42".to_owned())
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn only_post_is_answered() {
    let site = Site::new();
    for path in [
        "",
        "refresh/",
        "verify/",
        "blacklist/",
        "sliding/",
        "sliding/refresh/",
    ] {
        let path = format!("/api/token/{path}");
        let answer = site.send(Request::get(&path), String::new()).await;
        answer.is(405, r#"{"detail":"Method \"GET\" not allowed."}"#);
        let answer = site.send(Request::options(&path), String::new()).await;
        let told: Value = serde_json::from_str(&answer.body).unwrap();
        assert!(told["name"].as_str().unwrap().starts_with("Token "), "{told}");
    }
}

#[tokio::test]
async fn last_login_is_set_only_where_it_is_wanted() {
    for update in [false, true] {
        for path in ["/api/token/", "/api/token/sliding/"] {
            let site = Site::with(|settings| settings.jwt.update_last_login = update);
            site.post(path, credentials("alice", "wonderland-42")).await;
            let alice = site
                .memory
                .stores()
                .users
                .by_id(&UserId::Int(ALICE))
                .await
                .unwrap()
                .unwrap();
            assert_eq!(alice.last_login, update.then(|| site.door.now()), "{path}");
        }
    }
}

#[tokio::test]
async fn users_can_be_named_by_another_column() {
    for (field, name) in [("username", "alice"), ("email", "alice@example.com")] {
        let site = Site::with(|settings| {
            settings.jwt.user_id_field = field.to_owned();
            settings.jwt.user_id_claim = "sub".to_owned();
        });
        let (refresh, access) = site.pair().await;
        assert_eq!(site.claims(&access)["sub"], name);
        let answer = site.get("/whoami/jwt/", format!("Bearer {access}")).await;
        answer.is(
            200,
            r#"{"id":2,"user":"alice","is_staff":false,"auth":"AccessToken"}"#,
        );
        assert_eq!(
            site.post("/api/token/refresh/", json!({"refresh": refresh}))
                .await
                .status,
            200
        );
    }
}
