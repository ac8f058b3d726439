//! Hosts, redirects, headers, panics: what stands around every route.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use axum::http::HeaderValue;
use axum::routing::get;
use doorward_core::service::DoorService;
use doorward_core::settings::Settings;
use doorward_core::{Policy, RouteExt};
use doorward_django::urls::Scheme;
use http::{Request, StatusCode};
use proptest::prelude::*;
use support::{ask, assert_refused, door, header, request, serve, settings};

async fn ok() -> &'static str {
    "ok"
}

fn serve_with(change: impl FnOnce(&mut Settings)) -> DoorService {
    let mut settings = settings();
    change(&mut settings);
    let router = door(settings).router();
    let router = router.route("/home/", get(ok).policy(Policy::open()));
    router
        .route("/{any}/{thing}/", get(ok).policy(Policy::open()))
        .into_service()
        .unwrap()
}

mod hosts {
    use super::*;

    async fn status(host: &str, allowed: &[&str]) -> StatusCode {
        let service =
            serve_with(|settings| settings.allowed_hosts = allowed.iter().map(|&host| host.into()).collect());
        ask(&service, Request::builder().uri("/home/").header("host", host))
            .await
            .status()
    }

    #[tokio::test]
    async fn allowed_hosts_are_django_s() {
        let good = [
            ("localhost", "localhost"),
            ("LOCALHOST", "localhost"),
            ("localhost:8000", "localhost"),
            ("localhost.", "localhost"),
            ("a.example.com", ".example.com"),
            ("example.com", ".EXAMPLE.com"),
            ("[::1]:80", "[::1]"),
            ("anything.at.all", "*"),
        ];
        for (host, allowed) in good {
            assert_eq!(
                status(host, &[allowed]).await,
                StatusCode::OK,
                "{host} for {allowed}"
            );
        }
        let bad = [
            ("evil.example", "localhost"),
            ("localhost.evil.example", "localhost"),
            ("localhost:", "localhost"),
            ("localhost:a", "localhost"),
            ("a@localhost", "localhost"),
            ("", "*"),
            ("a b", "*"),
            ("notexample.com", ".example.com"),
            (".localhost", "localhost"),
        ];
        for (host, allowed) in bad {
            assert_eq!(
                status(host, &[allowed]).await,
                StatusCode::BAD_REQUEST,
                "{host} for {allowed}"
            );
        }
    }

    #[tokio::test]
    async fn a_request_names_one_host() {
        let service = serve_with(|_| ());
        let none = Request::builder().uri("/home/");
        let two = request("GET", "/home/").header("host", "localhost");
        let other = request("GET", "http://127.0.0.1/home/");
        let foreign = Request::builder().uri("http://evil.example/home/");
        for request in [none, two, other, foreign] {
            let response = ask(&service, request).await;
            assert_refused(&response, StatusCode::BAD_REQUEST, "Invalid HTTP_HOST header.");
            assert_eq!(header("x-frame-options", &response), None);
            assert_eq!(header("x-content-type-options", &response), Some("nosniff"));
        }
        let http2 = Request::builder().uri("http://localhost/home/");
        assert_eq!(ask(&service, http2).await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn a_probe_is_answered_whatever_the_host() {
        let mut settings = settings();
        settings.security.ssl_redirect = true;
        let router = door(settings).router().probe("/healthz", get(ok));
        let service = router.public("/public", get(ok)).into_service().unwrap();
        for host in ["evil.example", "10.0.0.7:80", "a@b"] {
            let asked = |path: &str| Request::builder().uri(path).header("host", host);
            assert_eq!(ask(&service, asked("/healthz")).await.status(), StatusCode::OK);
            for path in ["/public", "/healthz/", "/healthz/../public"] {
                assert_eq!(ask(&service, asked(path)).await.status(), StatusCode::BAD_REQUEST);
            }
        }
        let nameless = Request::builder().uri("/healthz");
        assert_eq!(ask(&service, nameless).await.status(), StatusCode::OK);
    }

    /// Nor do probes and preflights answer who names two (RFC 9113 §8.3.1).
    #[tokio::test]
    async fn two_hosts_are_refused_where_any_one_will_do() {
        let router = door(settings()).router().probe("/healthz", get(ok));
        let service = router.into_service().unwrap();
        let asked = |authority: &str| {
            let uri = format!("http://{authority}/healthz");
            Request::builder().uri(uri).header("host", "localhost")
        };
        let preflight = |authority: &str| {
            let request = asked(authority).method("OPTIONS");
            request.header("access-control-request-method", "GET")
        };
        let twice = Request::builder().uri("/healthz").header("host", "localhost");
        let twice = twice.header("host", "evil.example");
        for request in [
            asked("evil.example"),
            asked("localhost:80"),
            preflight("evil.example"),
            twice,
        ] {
            assert_eq!(ask(&service, request).await.status(), StatusCode::BAD_REQUEST);
        }
        for request in [asked("LOCALHOST"), preflight("localhost")] {
            assert_eq!(ask(&service, request).await.status(), StatusCode::OK);
        }
    }

    #[tokio::test]
    async fn a_developer_s_machine_answers_for_its_own_names() {
        let developer = |settings: &mut Settings| {
            settings.debug = true;
            settings.allowed_hosts = Vec::new();
        };
        let response = ask(&serve_with(developer), request("GET", "/home/")).await;
        assert_eq!(response.status(), StatusCode::OK);
    }

    proptest! {
        #[test]
        fn any_host_has_an_answer(host in prop::collection::vec(any::<u8>(), 0..40)) {
            let Ok(host) = HeaderValue::from_bytes(&host) else { return Ok(()) };
            let service = serve_with(|settings| settings.allowed_hosts = vec![".localhost".into()]);
            let asked = ask(&service, Request::builder().uri("/home/").header("host", host));
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let status = runtime.block_on(asked).status();
            prop_assert!(status == StatusCode::OK || status == StatusCode::BAD_REQUEST);
        }
    }
}

mod redirects {
    use super::*;

    #[tokio::test]
    async fn an_address_that_lacks_its_slash_is_told_it() {
        let service = serve_with(|_| ());
        let places = [
            ("/home", "/home/"),
            ("/home?a=b&c=%C3%A9[]|", "/home/?a=b&c=%C3%A9[]%7C"),
            ("/%68ome", "/home/"),
            ("/a/b%20c", "/a/b%20c/"),
            ("/a/%ff", "/a/%25FF/"),
            ("/a/%C3%A9", "/a/%C3%A9/"),
            ("//evil.com", "/%2Fevil.com/"),
            ("/%2Fevil.com/x", "/%2Fevil.com/x/"),
        ];
        for (path, location) in places {
            for method in ["GET", "HEAD", "POST"] {
                let response = ask(&service, request(method, path)).await;
                assert_eq!(response.status(), StatusCode::MOVED_PERMANENTLY, "{path}");
                assert_eq!(header("location", &response), Some(location));
                assert_eq!(
                    header("content-type", &response),
                    Some("text/html; charset=utf-8")
                );
                assert_eq!(
                    header("x-frame-options", &response),
                    None,
                    "Django redirects outside of that header"
                );
                assert_eq!(header("referrer-policy", &response), Some("same-origin"));
            }
        }
    }

    #[tokio::test]
    async fn in_debug_a_body_that_the_redirect_would_lose_is_told() {
        let service = serve_with(|settings| settings.debug = true);
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let response = ask(&service, request(method, "/home")).await;
            assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{method}");
            let text = response.body();
            assert!(
                text.contains(&format!("via {method}")) && text.contains("/home/"),
                "{text}"
            );
        }
        for method in ["GET", "HEAD"] {
            let response = ask(&service, request(method, "/home")).await;
            assert_eq!(response.status(), StatusCode::MOVED_PERMANENTLY, "{method}");
        }
        let response = ask(&service, request("POST", "/nowhere")).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn other_unknown_addresses_are_not_found() {
        let service = serve_with(|_| ());
        for path in ["/nowhere", "/nowhere/", "/a/b/c"] {
            let response = ask(&service, request("GET", path)).await;
            assert_eq!(header("location", &response), None, "{path}");
            assert_refused(&response, StatusCode::NOT_FOUND, "Not found.");
            assert_eq!(header("x-frame-options", &response), Some("DENY"));
        }
        let strict = serve_with(|settings| settings.append_slash = false);
        assert_eq!(
            ask(&strict, request("GET", "/home")).await.status(),
            StatusCode::NOT_FOUND
        );
    }

    #[tokio::test]
    async fn plain_http_is_sent_to_tls() {
        let mut settings = settings();
        settings.security.ssl_redirect = true;
        let router = door(settings).router().route("/home/", get(ok).page());
        let service = router.into_service().unwrap();
        let response = ask(&service, request("GET", "/home/?a=b")).await;
        assert_eq!(response.status(), StatusCode::MOVED_PERMANENTLY);
        assert_eq!(header("location", &response), Some("https://localhost/home/?a=b"));
        let response = ask(&service, request("GET", "/home/").extension(Scheme::Https)).await;
        assert_eq!(response.status(), StatusCode::OK);
        let response = ask(
            &service,
            Request::builder().uri("/home/").header("host", "evil.example"),
        )
        .await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    }
}

mod headers {
    use super::*;

    #[tokio::test]
    async fn every_answer_has_them() {
        let service = serve_with(|_| ());
        for (method, path) in [("GET", "/home/"), ("DELETE", "/home/"), ("GET", "/nowhere/")] {
            let response = ask(&service, request(method, path)).await;
            assert_eq!(header("x-content-type-options", &response), Some("nosniff"));
            assert_eq!(header("referrer-policy", &response), Some("same-origin"));
            assert_eq!(
                header("cross-origin-opener-policy", &response),
                Some("same-origin")
            );
            assert_eq!(header("x-frame-options", &response), Some("DENY"));
            assert_eq!(header("strict-transport-security", &response), None);
        }
    }

    #[tokio::test]
    async fn the_settings_say_which() {
        let service = serve_with(|settings| {
            let security = &mut settings.security;
            security.content_type_nosniff = false;
            security.referrer_policy = "no-referrer , same-origin".to_owned();
            security.cross_origin_opener_policy = String::new();
            security.x_frame_options = "sameorigin".to_owned();
            security.hsts_seconds = 60;
            security.hsts_include_subdomains = true;
            security.hsts_preload = true;
        });
        let response = ask(&service, request("GET", "/home/").extension(Scheme::Https)).await;
        assert_eq!(header("x-content-type-options", &response), None);
        assert_eq!(
            header("referrer-policy", &response),
            Some("no-referrer,same-origin")
        );
        assert_eq!(header("cross-origin-opener-policy", &response), None);
        assert_eq!(header("x-frame-options", &response), Some("SAMEORIGIN"));
        let expected = Some("max-age=60; includeSubDomains; preload");
        assert_eq!(header("strict-transport-security", &response), expected);
        let response = ask(&service, request("GET", "/home/")).await;
        assert_eq!(header("strict-transport-security", &response), None);
    }

    #[tokio::test]
    async fn a_handler_s_own_stay() {
        let framed = || async {
            (
                [("x-frame-options", "SAMEORIGIN"), ("referrer-policy", "origin")],
                "ok",
            )
        };
        let service = serve(|router| router.public("/framed", get(framed)));
        let response = ask(&service, request("GET", "/framed")).await;
        assert_eq!(header("x-frame-options", &response), Some("SAMEORIGIN"));
        assert_eq!(header("referrer-policy", &response), Some("origin"));
    }
}

#[tokio::test]
async fn a_panic_is_one_failed_request() {
    async fn broken() -> &'static str {
        panic!("on purpose")
    }
    let service = serve(|router| {
        router
            .route("/broken/", get(broken).policy(Policy::open()))
            .public("/ok", get(ok))
    });
    let response = ask(&service, request("GET", "/broken/")).await;
    assert_refused(
        &response,
        StatusCode::INTERNAL_SERVER_ERROR,
        "A server error occurred.",
    );
    assert_eq!(header("x-frame-options", &response), Some("DENY"));
    assert_eq!(ask(&service, request("GET", "/ok")).await.body(), "ok");
}

proptest! {
    #[test]
    fn any_address_has_an_answer(address in "[/*]?[ -~]{0,40}", method in "[A-Z]{1,7}") {
        let Ok(uri) = address.parse::<http::Uri>() else { return Ok(()) };
        let asked = Request::builder().method(method.as_str()).uri(uri).header("host", "localhost");
        let service = serve_with(|_| ());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let status = runtime.block_on(ask(&service, asked)).status();
        prop_assert!(!status.is_server_error());
    }
}
