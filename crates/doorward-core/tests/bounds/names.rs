//! Names, addresses and passwords past their bounds are nobody's.

use doorward_core::passwords::PasswordHashing;
use doorward_core::settings::PasswordSettings;
use doorward_django::bounds::{MAX_EMAIL, MAX_NAME, MAX_PASSWORD};
use doorward_django::secret::Secret;
use http::StatusCode;
use serde_json::json;

use super::shapes::{FORM, JSON};
use super::site::{PASSWORD, Site, basic, request};

#[tokio::test]
async fn a_name_past_its_bound_is_refused_as_an_unknown_one_is() {
    let site = Site::new();
    for path in ["/api/token/", "/api/token/sliding/", "/api-token-auth/"] {
        let refused = async |name: &str| {
            let body = json!({"username": name, "password": PASSWORD}).to_string();
            let response = site.post(path, JSON, body).await;
            (response.status(), response.into_body())
        };
        let unknown = refused("nobody").await;
        for letter in ["a", "\u{fdfa}", "\u{1f600}"] {
            for count in [MAX_NAME, MAX_NAME + 1, 60_000 / letter.len()] {
                assert_eq!(
                    refused(&letter.repeat(count)).await,
                    unknown,
                    "{path} {letter} {count}"
                );
            }
        }
    }
    let mut asked = request("/api/password/change/", JSON, "{}");
    let long = basic(&"\u{fdfa}".repeat(10_000), PASSWORD);
    asked.headers_mut().insert("authorization", long.parse().unwrap());
    let response = site.send(asked).await;
    assert!(
        response.body().contains("Invalid username/password."),
        "{}",
        response.body()
    );
}

#[tokio::test]
async fn an_address_past_its_bound_is_refused_before_it_is_folded() {
    let site = Site::new();
    let sent = async |email: &str| {
        let body = json!({ "email": email }).to_string();
        site.post("/api/password/reset/", JSON, body).await
    };
    let longest = format!("{}@example.org", "a".repeat(MAX_EMAIL - 12));
    assert_eq!(sent(&longest).await.status(), StatusCode::OK);
    let response = sent(&format!("a{longest}")).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let sentence = "Ensure this value has at most 254 characters (it has 255).";
    assert_eq!(response.body(), &json!({ "email": [sentence] }).to_string());
    let wide = format!("{}@example.org", "\u{fdfa}".repeat(10_000));
    assert_eq!(sent(&wide).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_password_past_its_bound_is_wrong_though_it_begins_as_the_right_one() {
    let mut settings = PasswordSettings::default();
    settings.hashers = vec!["md5".to_owned()];
    let pool = PasswordHashing::new(&settings).unwrap();
    let longest = Secret::new("\u{1f600}".repeat(MAX_PASSWORD / 4));
    let encoded = pool.make(&longest, [7; 88]).await.unwrap();
    assert!(pool.check(&longest, &encoded).await.unwrap().is_correct());
    for more in ["a", "\u{1f600}"] {
        let longer = Secret::new(longest.expose().clone() + more);
        assert!(!pool.check(&longer, &encoded).await.unwrap().is_correct());
        let checked = pool.check_or_upgrade(&longer, &encoded, [7; 88]).await.unwrap();
        assert!(!checked.verdict.is_correct() && checked.upgrade.is_none());
        assert_eq!(
            pool.make(&longer, [7; 88]).await.unwrap_err().status(),
            StatusCode::BAD_REQUEST
        );
    }
}

#[tokio::test]
async fn a_login_page_shows_a_long_name_again() {
    let site = Site::new();
    let name = "a".repeat(1_000);
    let token = "abcdefghijklmnopqrstuvwxyzABCDEF";
    let body = format!("username={name}&password=x&csrfmiddlewaretoken={token}");
    let mut sent = request("/api-auth/login/", FORM, body);
    sent.headers_mut()
        .insert("cookie", format!("csrftoken={token}").parse().unwrap());
    let page = site.send(sent).await.into_body();
    assert!(
        page.contains(&name) && page.contains("Please enter a correct username"),
        "{page}"
    );
}
