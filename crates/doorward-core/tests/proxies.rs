//! What proxies say of a request, plain HTTP where TLS is demanded, and what pages may load.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use doorward_auth::endpoints::{self, PAGE_STYLE};
use doorward_core::extract::RequestContext;
use doorward_core::service::DoorService;
use doorward_core::settings::Settings;
use doorward_core::{Policy, RouteExt};
use doorward_django::urls::Scheme;
use http::{Request, Response, StatusCode};
use sha2::{Digest, Sha256};
use support::{ask, assert_refused, door, header, request, send, settings};

const PROXY: &str = "10.0.0.1";
const STRANGER: &str = "192.0.2.7";

async fn seen(request: RequestContext) -> String {
    let cx = request.context();
    format!("{} {}", cx.scheme().as_str(), cx.host().unwrap_or("-"))
}

fn serve_with(change: impl FnOnce(&mut Settings)) -> DoorService {
    let mut settings = settings();
    settings.allowed_hosts = vec!["localhost".into(), "shop.example".into()];
    change(&mut settings);
    let open = || get(seen).post(seen).policy(Policy::open());
    door(settings)
        .router()
        .route("/api/", open())
        .route("/api/{id}/", open())
        .route("/", get(seen).page())
        .route("/login/", endpoints::login())
        .route("/styled/", get(styled).page())
        .public("/files/{name}", get(async || "file"))
        .nest_public("/app", axum::Router::new())
        .into_service()
        .unwrap()
}

async fn styled() -> ([(&'static str, &'static str); 1], &'static str) {
    ([("content-security-policy", "default-src 'self'")], "styled")
}

fn behind_proxies(settings: &mut Settings) {
    settings.throttle.trusted_proxies = vec!["10.0.0.0/8".into()];
    settings.security.proxy_ssl_header = Some("X-Forwarded-Proto: https".into());
    settings.security.use_x_forwarded_host = true;
    settings.security.use_x_forwarded_port = true;
    settings.security.hsts_seconds = 60;
}

async fn via(peer: &str, headers: &[(&str, &str)], service: &DoorService) -> Response<String> {
    let request = headers
        .iter()
        .fold(request("GET", "/api/"), |request, (name, value)| {
            request.header(*name, *value)
        });
    send(service, at(peer, request)).await
}

fn at(peer: &str, request: http::request::Builder) -> Request<Body> {
    let mut request = request.body(Body::empty()).unwrap();
    let peer = SocketAddr::new(peer.parse().unwrap(), 1234);
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

mod forwarded {
    use super::*;

    #[tokio::test]
    async fn a_trusted_proxy_tells_scheme_and_host() {
        let service = serve_with(behind_proxies);
        let told = [
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "shop.example"),
        ];
        let response = via(PROXY, &told, &service).await;
        assert_eq!(response.body(), "https shop.example");
        assert_eq!(header("strict-transport-security", &response), Some("max-age=60"));
        let response = via(PROXY, &[], &service).await;
        assert_eq!(response.body(), "http localhost");
        assert_eq!(header("strict-transport-security", &response), None);
    }

    #[tokio::test]
    async fn nobody_else_is_believed() {
        let told = [
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "shop.example"),
        ];
        let service = serve_with(behind_proxies);
        assert_eq!(via(STRANGER, &told, &service).await.body(), "http localhost");
        let nameless = request("GET", "/api/").header("x-forwarded-proto", "https");
        assert_eq!(ask(&service, nameless).await.body(), "http localhost");
        let unset = serve_with(|settings| settings.throttle.trusted_proxies = vec!["10.0.0.0/8".into()]);
        assert_eq!(via(PROXY, &told, &unset).await.body(), "http localhost");
    }

    #[tokio::test]
    async fn a_client_s_word_before_the_proxy_s_gains_nothing() {
        let service = serve_with(behind_proxies);
        for (words, scheme) in [
            (&["https, http"][..], "http"),
            (&["https", "http"], "http"),
            (&["http"], "http"),
            (&["HTTPS"], "http"),
            (&[""], "http"),
            (&["https,https"], "https"),
            (&[" https "], "https"),
        ] {
            let told: Vec<_> = words.iter().map(|word| ("x-forwarded-proto", *word)).collect();
            let response = via(PROXY, &told, &service).await;
            assert_eq!(response.body(), &format!("{scheme} localhost"), "{words:?}");
        }
    }

    #[tokio::test]
    async fn a_forwarded_host_has_to_be_allowed() {
        let service = serve_with(behind_proxies);
        for hosts in [
            &["evil.example"][..],
            &["shop.example, localhost"],
            &["shop.example", "localhost"],
            &[""],
        ] {
            let told: Vec<_> = hosts.iter().map(|host| ("x-forwarded-host", *host)).collect();
            let response = via(PROXY, &told, &service).await;
            assert_refused(&response, StatusCode::BAD_REQUEST, "Invalid HTTP_HOST header.");
        }
        let http2 = Request::builder()
            .uri("http://inner.example/api/")
            .header("x-forwarded-host", "shop.example");
        assert_eq!(send(&service, at(PROXY, http2)).await.body(), "http shop.example");
    }

    #[tokio::test]
    async fn a_proxy_that_says_plain_http_is_believed_over_its_own_tls() {
        let service = serve_with(behind_proxies);
        let request = request("GET", "/api/").header("x-forwarded-proto", "http");
        let response = send(&service, at(PROXY, request.extension(Scheme::Https))).await;
        assert_eq!(response.body(), "http localhost");
    }

    #[tokio::test]
    async fn tls_at_the_proxy_is_tls_for_referers_and_ports() {
        let service = serve_with(|settings| {
            behind_proxies(settings);
            settings.csrf.cookie_domain = Some("localhost".into());
        });
        for (port, referer, reason) in [
            ("8443", "https://localhost:8443/", "CSRF cookie not set."),
            (
                "8443",
                "https://localhost/",
                "Referer checking failed - https://localhost/ does not match any trusted origins.",
            ),
            ("443", "https://localhost/", "CSRF cookie not set."),
            (
                "443",
                "http://localhost/",
                "Referer checking failed - Referer is insecure while host is secure.",
            ),
        ] {
            let request = request("POST", "/login/")
                .header("accept", "application/json")
                .header("x-forwarded-proto", "https")
                .header("x-forwarded-port", port)
                .header("referer", referer);
            let response = send(&service, at(PROXY, request)).await;
            let detail = format!("CSRF Failed: {reason}");
            assert_refused(&response, StatusCode::FORBIDDEN, &detail);
        }
    }

    #[tokio::test]
    async fn several_ports_are_none() {
        let service = serve_with(|settings| {
            behind_proxies(settings);
            settings.csrf.cookie_domain = Some("localhost".into());
        });
        for (referer, reason) in [
            ("https://localhost/", "CSRF cookie not set."),
            (
                "https://localhost:8443/",
                "Referer checking failed - https://localhost:8443/ does not match any trusted origins.",
            ),
        ] {
            let request = request("POST", "/login/")
                .header("accept", "application/json")
                .header("x-forwarded-proto", "https")
                .header("x-forwarded-port", "8443")
                .header("x-forwarded-port", "443")
                .header("referer", referer);
            let response = send(&service, at(PROXY, request)).await;
            assert_refused(
                &response,
                StatusCode::FORBIDDEN,
                &format!("CSRF Failed: {reason}"),
            );
        }
    }

    #[test]
    fn what_believes_everybody_stops_the_start() {
        type Change = fn(&mut Settings);
        let cases: [(Change, &str, &str); 6] = [
            (
                |s| s.security.proxy_ssl_header = Some("X-Forwarded-Proto: https".into()),
                "proxy_ssl_header",
                "trusted_proxies",
            ),
            (
                |s| s.security.use_x_forwarded_host = true,
                "use_x_forwarded_host",
                "trusted_proxies",
            ),
            (
                |s| s.security.use_x_forwarded_port = true,
                "use_x_forwarded_port",
                "trusted_proxies",
            ),
            (
                |s| (s.throttle.num_proxies, s.security.use_x_forwarded_host) = (Some(1), true),
                "use_x_forwarded_host",
                "num_proxies",
            ),
            (
                |s| {
                    behind_proxies(s);
                    s.security.proxy_ssl_header = Some("X-Forwarded-Proto".into());
                },
                "proxy_ssl_header",
                "X-Forwarded-Proto: https",
            ),
            (
                |s| {
                    behind_proxies(s);
                    s.security.proxy_ssl_header = Some("a b: https".into());
                },
                "proxy_ssl_header",
                "`a b: https`",
            ),
        ];
        for (change, key, says) in cases {
            let mut settings = settings();
            change(&mut settings);
            let error = settings.validate().expect_err(says);
            assert_eq!(error.key(), format!("security.{key}"));
            assert!(error.problem().contains(says), "{error}");
        }
    }
}

mod tls_only {
    use super::*;

    const REFUSED: &str = "This is served over HTTPS only. Ask again with https://, and replace the credential that \
                           you sent, if there was one: it went over the network in the clear.";

    fn demanding(settings: &mut Settings) {
        settings.security.ssl_redirect = true;
    }

    #[tokio::test]
    async fn pages_and_public_paths_are_redirected() {
        let service = serve_with(demanding);
        for (path, location) in [
            ("/", "https://localhost/"),
            ("/login/?next=/", "https://localhost/login/?next=/"),
            ("/login", "https://localhost/login"),
            ("/login/nothing", "https://localhost/login/nothing"),
            ("/files/a.css", "https://localhost/files/a.css"),
            ("/app/x/y", "https://localhost/app/x/y"),
        ] {
            let response = ask(&service, request("GET", path)).await;
            assert_eq!(response.status(), StatusCode::MOVED_PERMANENTLY, "{path}");
            assert_eq!(header("location", &response), Some(location));
            let over_tls = request("GET", path).extension(Scheme::Https);
            assert_ne!(
                ask(&service, over_tls).await.status(),
                StatusCode::FORBIDDEN,
                "{path}"
            );
        }
    }

    #[tokio::test]
    async fn an_api_path_refuses_and_redirects_nobody() {
        let service = serve_with(demanding);
        for method in ["GET", "POST", "OPTIONS"] {
            for path in ["/api/", "/api", "/api/7/", "/%61pi/7/", "/nowhere/", "/nowhere"] {
                let asked = request(method, path).header("authorization", "Token abc");
                let response = ask(&service, asked).await;
                assert_refused(&response, StatusCode::FORBIDDEN, REFUSED);
                assert_eq!(header("location", &response), None);
            }
        }
        let over_tls = request("GET", "/api/").extension(Scheme::Https);
        assert_eq!(ask(&service, over_tls).await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn some_paths_are_left_alone_and_another_host_is_named() {
        let service = serve_with(|settings| {
            demanding(settings);
            settings.security.redirect_exempt = vec!["^api/7/$".into()];
            settings.security.ssl_host = Some("shop.example".into());
        });
        assert_eq!(
            ask(&service, request("GET", "/api/7/")).await.status(),
            StatusCode::OK
        );
        assert_eq!(
            ask(&service, request("GET", "/api/8/")).await.status(),
            StatusCode::FORBIDDEN
        );
        let response = ask(&service, request("GET", "/login/")).await;
        assert_eq!(header("location", &response), Some("https://shop.example/login/"));
    }

    #[tokio::test]
    async fn a_trusted_proxy_s_tls_is_enough() {
        let service = serve_with(|settings| {
            behind_proxies(settings);
            demanding(settings);
        });
        let tls = [("x-forwarded-proto", "https")];
        assert_eq!(via(PROXY, &tls, &service).await.status(), StatusCode::OK);
        assert_eq!(
            via(STRANGER, &tls, &service).await.status(),
            StatusCode::FORBIDDEN
        );
    }

    #[test]
    fn impossible_settings_are_told() {
        type Change = fn(&mut Settings);
        let cases: [(Change, &str); 3] = [
            (
                |s| s.security.redirect_exempt = vec!["(".into()],
                "redirect_exempt",
            ),
            (
                |s| s.security.ssl_host = Some("https://a.example/".into()),
                "ssl_host",
            ),
            (
                |s| s.security.content_security_policy = "a\nb".into(),
                "content_security_policy",
            ),
        ];
        for (change, key) in cases {
            let mut settings = settings();
            change(&mut settings);
            let error = settings.validate().expect_err(key);
            assert_eq!(error.key(), format!("security.{key}"));
        }
    }
}

mod content_security_policy {
    use super::*;

    #[tokio::test]
    async fn pages_allow_their_own_style_and_nothing_else() {
        let service = serve_with(|_| ());
        let response = ask(&service, request("GET", "/login/")).await;
        let digest = STANDARD.encode(Sha256::digest(PAGE_STYLE));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; frame-ancestors 'none'; base-uri \
             'none'"
        );
        assert_eq!(
            header("content-security-policy", &response),
            Some(policy.as_str())
        );
        let styles: Vec<_> = response.body().split("<style>").skip(1).collect();
        let style = styles
            .first()
            .and_then(|rest| rest.split_once("</style>"))
            .unwrap()
            .0;
        assert_eq!((styles.len(), style), (1, PAGE_STYLE));
        for inline in ["style=", "<script", "onclick", "onload", "<link"] {
            assert!(!response.body().contains(inline), "{inline}");
        }
    }

    #[tokio::test]
    async fn only_pages_have_one_and_their_own_stays() {
        let service = serve_with(|_| ());
        for path in ["/api/", "/files/a", "/nowhere/"] {
            let response = ask(&service, request("GET", path)).await;
            assert_eq!(header("content-security-policy", &response), None, "{path}");
        }
        let response = ask(&service, request("GET", "/styled/")).await;
        assert_eq!(
            header("content-security-policy", &response),
            Some("default-src 'self'")
        );
        let off = serve_with(|settings| settings.security.content_security_policy = String::new());
        let response = ask(&off, request("GET", "/login/")).await;
        assert_eq!(header("content-security-policy", &response), None);
    }
}
