//! How often: who is counted, and that the count is exact.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::routing::get;
use doorward_core::clock::ManualClock;
use doorward_core::entropy::SystemEntropy;
use doorward_core::permissions::AllowAny;
use doorward_core::service::DoorService;
use doorward_core::settings::{AlgorithmName, Settings, ThrottleName, ThrottleSettings};
use doorward_core::throttling::{
    Allowance, AnonRateThrottle, ImproperlyConfigured, ScopedRateThrottle, Throttle, UserRateThrottle,
    rate_of, simple_rate,
};
use doorward_core::{Answer, Context, Door, Policy, Result, RouteExt, Router, UserId, View};
use doorward_django::timestamp::Timestamp;
use doorward_testing::TestDatabase;
use http::{Request, Response, StatusCode};
use support::{Named, assert_refused, header, request, send, settings};

/// A site with rates, whose clock can be moved.
struct Site {
    service: DoorService,
    clock: Arc<ManualClock>,
    memory: TestDatabase,
}

impl Site {
    fn new(rates: &[(&str, &str)], routes: impl FnOnce(Router) -> Router) -> Self {
        Self::with(|throttle| set(rates, throttle), routes)
    }

    fn with(change: impl FnOnce(&mut ThrottleSettings), routes: impl FnOnce(Router) -> Router) -> Self {
        let mut settings = settings();
        change(&mut settings.throttle);
        Self::on(settings, routes)
    }

    fn on(settings: Settings, routes: impl FnOnce(Router) -> Router) -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_secs(1_700_000_000)));
        let memory = TestDatabase::new();
        let door = Door::with_sources(
            settings,
            memory.stores(),
            Arc::clone(&clock) as _,
            Arc::new(SystemEntropy),
        );
        let service = routes(door.unwrap().router()).into_service().unwrap();
        Self {
            service,
            clock,
            memory,
        }
    }

    async fn get(&self, path: &str, caller: Caller<'_>) -> Response<String> {
        send(&self.service, caller.put_on(request("GET", path))).await
    }

    /// How many of so many requests pass.
    async fn passed(&self, count: usize, path: &str, caller: Caller<'_>) -> usize {
        let mut passed = 0;
        for _ in 0..count {
            passed += usize::from(self.get(path, caller).await.status() == StatusCode::OK);
        }
        passed
    }

    fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

fn set(rates: &[(&str, &str)], throttle: &mut ThrottleSettings) {
    let rates = rates
        .iter()
        .map(|(scope, rate)| ((*scope).to_owned(), (*rate).to_owned()));
    throttle.rates = rates.collect();
}

/// Who asks: from which address, by which name, forwarded for whom.
#[derive(Clone, Copy, Default)]
struct Caller<'a> {
    peer: Option<&'a str>,
    name: Option<&'a str>,
    forwarded: &'a [&'a str],
}

impl Caller<'_> {
    fn put_on(self, mut request: http::request::Builder) -> Request<Body> {
        if let Some(name) = self.name {
            request = request.header("x-user", name);
        }
        for value in self.forwarded {
            request = request.header("x-forwarded-for", *value);
        }
        let mut request = request.body(Body::empty()).unwrap();
        if let Some(peer) = self.peer {
            let peer = SocketAddr::new(peer.parse().unwrap(), 1234);
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        request
    }
}

fn from(peer: &str) -> Caller<'_> {
    Caller {
        peer: Some(peer),
        ..Caller::default()
    }
}

fn by(name: &str) -> Caller<'_> {
    Caller {
        peer: Some("192.0.2.1"),
        name: Some(name),
        ..Caller::default()
    }
}

fn open() -> Policy {
    Policy::from(AllowAny).authenticate(Named(Some("Test")))
}

async fn ok() -> &'static str {
    "ok"
}

fn anon(router: Router) -> Router {
    let policy = open().throttle(AnonRateThrottle::default());
    router.route("/", get(ok).post(ok).policy(policy))
}

fn user(router: Router) -> Router {
    router.route("/", get(ok).policy(open().throttle(UserRateThrottle::default())))
}

#[tokio::test]
async fn past_the_rate_a_caller_is_told_how_long_to_wait() {
    let site = Site::new(&[("anon", "3/min")], anon);
    assert_eq!(site.passed(3, "/", from("192.0.2.7")).await, 3);
    site.wait(20);
    let response = site.get("/", from("192.0.2.7")).await;
    let detail = "Request was throttled. Expected available in 40 seconds.";
    assert_refused(&response, StatusCode::TOO_MANY_REQUESTS, detail);
    assert_eq!(header("retry-after", &response), Some("40"));
    site.clock.advance(Duration::from_millis(39_001));
    let response = site.get("/", from("192.0.2.7")).await;
    let detail = "Request was throttled. Expected available in 1 second.";
    assert_refused(&response, StatusCode::TOO_MANY_REQUESTS, detail);
    site.clock.advance(Duration::from_millis(999));
    assert_eq!(site.passed(5, "/", from("192.0.2.7")).await, 3);
    assert_eq!(site.passed(5, "/", from("192.0.2.8")).await, 3);
}

#[tokio::test]
async fn every_method_counts_and_refusals_do_not() {
    let site = Site::new(&[("anon", "4/min")], anon);
    for method in ["GET", "HEAD", "OPTIONS", "DELETE"] {
        let request = from("192.0.2.7").put_on(request(method, "/"));
        assert_ne!(
            send(&site.service, request).await.status(),
            StatusCode::TOO_MANY_REQUESTS
        );
    }
    for _ in 0..5 {
        site.wait(5);
        assert_eq!(site.passed(1, "/", from("192.0.2.7")).await, 0);
    }
    site.wait(35);
    assert_eq!(site.passed(5, "/", from("192.0.2.7")).await, 4);
}

#[tokio::test]
async fn anonymous_callers_are_counted_and_users_left_alone() {
    let site = Site::new(&[("anon", "1/min")], anon);
    assert_eq!(site.passed(3, "/", by("alice")).await, 3);
    assert_eq!(site.passed(3, "/", from("192.0.2.1")).await, 1);
}

#[tokio::test]
async fn users_are_counted_wherever_they_are() {
    let site = Site::new(&[("user", "2/min")], user);
    let elsewhere = Caller {
        peer: Some("192.0.2.9"),
        ..by("alice")
    };
    assert_eq!(
        site.passed(2, "/", by("alice")).await + site.passed(2, "/", elsewhere).await,
        2
    );
    // Without a user the address counts, and an address is no user's id.
    assert_eq!(site.passed(3, "/", from("192.0.2.1")).await, 2);
}

#[tokio::test]
async fn scopes_have_their_own_counts_and_all_throttles_count() {
    let site = Site::new(&[("user", "4/h"), ("burst", "2/min")], |router| {
        let burst = || UserRateThrottle::scope("burst");
        let both = open().throttle(burst()).throttle(UserRateThrottle::default());
        let router = router.route("/burst/", get(ok).policy(open().throttle(burst())));
        user(router).route("/both/", get(ok).policy(both))
    });
    assert_eq!(site.passed(3, "/both/", by("alice")).await, 2);
    // The refused one was counted by the other throttle: three of four are gone.
    assert_eq!(site.passed(3, "/", by("alice")).await, 1);
    assert_eq!(site.passed(1, "/burst/", by("alice")).await, 0);
    let response = site.get("/both/", by("alice")).await;
    assert_eq!(header("retry-after", &response), Some("3600"));
}

#[tokio::test]
async fn a_route_names_its_scope() {
    let site = Site::new(&[("uploads", "1/min"), ("downloads", "2/min")], |router| {
        let scoped = || get(ok).policy(open().throttle(ScopedRateThrottle));
        router
            .route("/up/", scoped().throttle_scope("uploads"))
            .route("/up/again/", scoped().throttle_scope("uploads"))
            .route("/down/", scoped().throttle_scope("downloads"))
            .route("/free/", scoped())
    });
    assert_eq!(site.passed(2, "/up/", by("alice")).await, 1);
    assert_eq!(site.passed(2, "/up/again/", by("alice")).await, 0);
    assert_eq!(site.passed(3, "/down/", by("alice")).await, 2);
    assert_eq!(site.passed(9, "/free/", by("alice")).await, 9);
    assert_eq!(site.passed(3, "/down/", from("192.0.2.7")).await, 2);
}

#[tokio::test]
async fn without_a_rate_nobody_is_limited() {
    let site = Site::new(&[], user);
    assert_eq!(site.passed(50, "/", from("192.0.2.7")).await, 50);
}

fn problem(routes: impl FnOnce(Router) -> Router) -> String {
    let router = routes(support::door(settings()).router());
    router.into_service().expect_err("a rate is missing").to_string()
}

#[test]
fn a_scope_without_a_rate_stops_the_start() {
    let wanted = "the path `/x/` cannot be throttled: No default throttle rate set for 'burst' scope";
    let throttled =
        |throttle: UserRateThrottle| problem(|router| router.route("/x/", get(ok).throttle(throttle)));
    assert_eq!(throttled(UserRateThrottle::scope("burst")), wanted);
    let tiers = UserRateThrottle::by(["user", "burst"], |_| Answer::ready(Ok("user")));
    assert_eq!(throttled(tiers), wanted);
    let anon = AnonRateThrottle::scope("burst");
    assert_eq!(
        problem(|router| router.route("/x/", get(ok).throttle(anon))),
        wanted
    );
    let scoped = get(ok).throttle(ScopedRateThrottle).throttle_scope("burst");
    assert_eq!(problem(|router| router.route("/x/", scoped)), wanted);
    assert_eq!(
        problem(|router| router.route("/x/", get(ok).throttle(ByTenant))),
        wanted.replace("burst", "tenant")
    );
}

#[test]
fn a_throttle_that_would_not_be_asked_stops_the_start() {
    let page = get(ok).page().throttle(AnonRateThrottle::default());
    let wanted = "the path `/x/` cannot be throttled: pages ask no throttles";
    assert_eq!(problem(|router| router.route("/x/", page)), wanted);
    let mut settings = settings();
    settings.rest.throttle = vec![ThrottleName::Anon];
    let router = support::door(settings).router();
    assert!(router.route("/x/", get(ok).page()).into_service().is_ok());
}

#[test]
fn impossible_settings_are_told_with_their_key() {
    type Change = fn(&mut ThrottleSettings);
    let cases: [(Change, &str, &str); 11] = [
        (|t| set(&[("anon", "0/s")], t), "rates.anon", "`0/s`"),
        (|t| set(&[("user", "-1/m")], t), "rates.user", "whole number"),
        (|t| set(&[("burst", "5/x")], t), "rates.burst", "period"),
        (|t| set(&[("burst", "5")], t), "rates.burst", "5/15min"),
        (|t| set(&[("burst", "1e9/s")], t), "rates.burst", "whole number"),
        (|t| set(&[("burst", "5/fortnight")], t), "rates.burst", "day"),
        (
            |t| t.trusted_proxies = vec!["10.0.0.0/33".into()],
            "trusted_proxies",
            "10.0.0.0/33",
        ),
        (
            |t| (t.num_proxies, t.trusted_proxies) = (Some(1), vec!["::1".into()]),
            "num_proxies",
            "not both",
        ),
        (|t| t.ipv6_prefix = 0, "ipv6_prefix", "128"),
        (|t| t.nodes = 0, "nodes", "1 for a site"),
        (
            |t| t.strict = vec!["logni".into()],
            "strict",
            "`logni` has no rate",
        ),
    ];
    for (change, key, says) in cases {
        let mut settings = settings();
        change(&mut settings.throttle);
        let error = settings.validate().expect_err(says);
        assert_eq!(error.key(), format!("throttle.{key}"));
        assert!(error.problem().contains(says), "{error}");
    }
}

#[tokio::test]
async fn several_rates_hold_together() {
    let site = Site::new(&[("anon", "2/s, 3/15min")], anon);
    assert_eq!(site.passed(3, "/", from("192.0.2.7")).await, 2);
    site.wait(1);
    assert_eq!(site.passed(2, "/", from("192.0.2.7")).await, 1);
    let response = site.get("/", from("192.0.2.7")).await;
    assert_eq!(header("retry-after", &response), Some("899"));
}

#[tokio::test]
async fn gcra_gives_back_one_at_a_time() {
    let site = Site::with(
        |throttle| {
            set(&[("anon", "3/min")], throttle);
            throttle.algorithm = AlgorithmName::Gcra;
        },
        anon,
    );
    assert_eq!(site.passed(5, "/", from("192.0.2.7")).await, 3);
    assert_eq!(
        header("retry-after", &site.get("/", from("192.0.2.7")).await),
        Some("20")
    );
    site.wait(20);
    assert_eq!(site.passed(5, "/", from("192.0.2.7")).await, 1);
}

#[tokio::test]
async fn tiers_have_their_own_rates() {
    let tiers = UserRateThrottle::by(["free", "premium"], |cx| {
        let Some(id) = cx.user_id() else {
            return Answer::ready(Ok("free"));
        };
        Answer::pending(async move {
            let groups = cx.door().stores().permissions.groups(id).await?;
            Ok(if groups.contains("premium") {
                "premium"
            } else {
                "free"
            })
        })
    });
    let site = Site::new(&[("free", "1/min"), ("premium", "3/min")], |router| {
        router.route("/", get(ok).policy(open().throttle(tiers)))
    });
    assert_eq!(site.passed(5, "/", from("192.0.2.1")).await, 1);
    assert_eq!(site.passed(5, "/", by("alice")).await, 1);
    site.memory.add_user(support::user("alice"));
    site.memory.add_to_group(&UserId::Int(7), "premium");
    assert_eq!(site.passed(5, "/", by("alice")).await, 3);
}

#[tokio::test]
async fn a_tier_that_was_not_named_is_our_fault_and_lets_nobody_in() {
    let tiers = UserRateThrottle::by(["user"], |_| Answer::ready(Ok("gold")));
    let site = Site::new(&[], |router| {
        router.route("/", get(ok).policy(open().throttle(tiers)))
    });
    let response = site.get("/", by("alice")).await;
    assert_refused(
        &response,
        StatusCode::INTERNAL_SERVER_ERROR,
        "A server error occurred.",
    );
}

#[derive(Debug)]
struct ByTenant;

impl Throttle for ByTenant {
    fn allow_request<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<Allowance>> {
        simple_rate(cx, "tenant", &cx.uri().query().unwrap_or_default())
    }

    fn configured(&self, door: &Door, _: &View) -> Result<(), ImproperlyConfigured> {
        rate_of("tenant", door).map(drop)
    }
}

#[tokio::test]
async fn ones_own_throttle_counts_what_it_likes() {
    let site = Site::new(&[("tenant", "2/min")], |router| {
        router.route("/", get(ok).policy(open().throttle(ByTenant)))
    });
    assert_eq!(site.passed(3, "/?acme", from("192.0.2.1")).await, 2);
    assert_eq!(site.passed(3, "/?other", from("192.0.2.1")).await, 2);
}

#[tokio::test]
async fn default_throttles_are_on_every_route_that_names_none() {
    let mut settings = settings();
    set(&[("anon", "1/min"), ("burst", "2/min")], &mut settings.throttle);
    settings.rest.throttle = vec![ThrottleName::Anon];
    let site = Site::on(settings, |router| {
        let burst = open().throttle(UserRateThrottle::scope("burst"));
        router
            .route("/", get(ok).policy(open()))
            .route("/own/", get(ok).policy(burst))
            .route("/none/", get(ok).policy(open().throttles([])))
            .route("/api-token-auth/", doorward_auth::endpoints::obtain_auth_token())
    });
    assert_eq!(site.passed(3, "/", from("192.0.2.1")).await, 1);
    assert_eq!(site.passed(3, "/own/", from("192.0.2.1")).await, 2);
    assert_eq!(site.passed(3, "/none/", from("192.0.2.1")).await, 3);
    let response = site.get("/api-token-auth/", from("192.0.2.1")).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
}

const LIES: [&[&str]; 7] = [
    &["10.9.9.1"],
    &["10.9.9.2, 10.9.9.3"],
    &["[::1]:80"],
    &["unknown"],
    &[""],
    &["10.9.9.4", "10.9.9.5"],
    &["2001:db8::1"],
];

#[tokio::test]
async fn a_forged_x_forwarded_for_gains_nothing() {
    for num_proxies in [None, Some(0)] {
        let site = Site::with(
            |throttle| {
                set(&[("anon", "2/min")], throttle);
                throttle.num_proxies = num_proxies;
            },
            anon,
        );
        let mut passed = 0;
        for forwarded in LIES {
            passed += site
                .passed(
                    1,
                    "/",
                    Caller {
                        forwarded,
                        ..from("192.0.2.7")
                    },
                )
                .await;
        }
        assert_eq!(passed, 2);
    }
}

#[tokio::test]
async fn behind_proxies_the_client_is_the_address_they_add() {
    let one: fn(&mut ThrottleSettings) = |throttle| throttle.num_proxies = Some(1);
    let trusted: fn(&mut ThrottleSettings) =
        |throttle| throttle.trusted_proxies = vec!["10.0.0.0/8".to_owned()];
    for proxies in [one, trusted] {
        let site = Site::with(
            |throttle| {
                set(&[("anon", "2/min")], throttle);
                proxies(throttle);
            },
            anon,
        );
        let through = |forwarded| Caller {
            forwarded,
            ..from("10.0.0.1")
        };
        let spellings: [&[&str]; 4] = [
            &["1.1.1.1, 192.0.2.7"],
            &["2.2.2.2", "192.0.2.7:99"],
            &["192.0.2.7"],
            &["::ffff:192.0.2.7"],
        ];
        let mut passed = 0;
        for forwarded in spellings {
            passed += site.passed(1, "/", through(forwarded)).await;
        }
        assert_eq!(passed, 2);
        assert_eq!(site.passed(3, "/", through(&["192.0.2.7, 192.0.2.8"])).await, 2);
    }
}

#[tokio::test]
async fn who_comes_past_the_trusted_proxies_is_not_believed() {
    let site = Site::with(
        |throttle| {
            set(&[("anon", "2/min")], throttle);
            throttle.trusted_proxies = vec!["10.0.0.0/8".to_owned()];
        },
        anon,
    );
    let mut passed = 0;
    for forwarded in LIES {
        passed += site
            .passed(
                1,
                "/",
                Caller {
                    forwarded,
                    ..from("192.0.2.7")
                },
            )
            .await;
    }
    assert_eq!(passed, 2);
}

#[tokio::test]
async fn a_network_of_ipv6_is_one_client() {
    let site = Site::new(&[("anon", "2/min")], anon);
    let mut passed = 0;
    for number in 0..5 {
        passed += site
            .passed(1, "/", from(&format!("2001:db8:1:2::{number}")))
            .await;
    }
    assert_eq!(passed, 2);
    assert_eq!(site.passed(3, "/", from("2001:db8:1:3::1")).await, 2);
    let mapped = site.passed(2, "/", from("::ffff:192.0.2.7")).await;
    assert_eq!(mapped + site.passed(2, "/", from("192.0.2.7")).await, 2);
}

#[tokio::test]
async fn those_whose_address_is_unknown_are_counted_as_one() {
    let site = Site::new(&[("anon", "2/min")], anon);
    let mut passed = 0;
    for forwarded in LIES {
        passed += site
            .passed(
                1,
                "/",
                Caller {
                    forwarded,
                    ..Caller::default()
                },
            )
            .await;
    }
    assert_eq!(passed, 2);
}

#[tokio::test]
async fn a_clock_that_is_set_changes_nothing() {
    let site = Site::new(&[("anon", "2/min")], anon);
    assert_eq!(site.passed(3, "/", from("192.0.2.7")).await, 2);
    for seconds in [1_700_000_000 - 3_600, 1_700_000_000 + 86_400, 0, 4_294_967_296] {
        site.clock.set(Timestamp::from_secs(seconds));
        let response = site.get("/", from("192.0.2.7")).await;
        assert_eq!(header("retry-after", &response), Some("60"), "{seconds}");
    }
    site.wait(60);
    assert_eq!(site.passed(3, "/", from("192.0.2.7")).await, 2);
}

#[tokio::test]
async fn what_is_left_is_told_where_it_is_wanted() {
    let told = |rates: &'static [(&str, &str)]| {
        Site::with(
            |throttle| {
                set(rates, throttle);
                throttle.headers = true;
            },
            |router| {
                let both = open()
                    .throttle(UserRateThrottle::scope("burst"))
                    .throttle(UserRateThrottle::default());
                anon(router).route("/both/", get(ok).policy(both))
            },
        )
    };
    let site = told(&[("anon", "2/min"), ("burst", "9/s,100/d"), ("user", "3/h")]);
    let tell = |response: &Response<String>| {
        ["ratelimit-policy", "ratelimit"].map(|name| header(name, response).unwrap_or_default().to_owned())
    };
    let first = site.get("/", from("192.0.2.7")).await;
    assert_eq!(tell(&first), ["\"anon\";q=2;w=60", "\"anon\";r=1;t=60"]);
    site.wait(15);
    site.get("/", from("192.0.2.7")).await;
    let refused = site.get("/", from("192.0.2.7")).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(tell(&refused), ["\"anon\";q=2;w=60", "\"anon\";r=0;t=45"]);
    let both = site.get("/both/", by("alice")).await;
    let policies = "\"burst 9/s\";q=9;w=1, \"burst 100/d\";q=100;w=86400, \"user\";q=3;w=3600";
    assert_eq!(
        tell(&both),
        [policies, "\"burst 9/s\";r=8;t=1, \"user\";r=2;t=3600"]
    );
    // Users are not counted here: there is nothing to tell.
    assert_eq!(tell(&site.get("/", by("alice")).await), ["", ""]);
    let untold = Site::new(&[("anon", "2/min")], anon)
        .get("/", from("192.0.2.7"))
        .await;
    assert_eq!(tell(&untold), ["", ""]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn of_forty_at_once_three_pass() {
    let site = Site::new(&[("anon", "3/min")], anon);
    for round in 0..100 {
        let peer = format!("192.0.{round}.7");
        let barrier = Arc::new(tokio::sync::Barrier::new(40));
        let requests = (0..40).map(|_| {
            let (service, barrier) = (site.service.clone(), Arc::clone(&barrier));
            let request = from(&peer).put_on(request("GET", "/"));
            tokio::spawn(async move {
                barrier.wait().await;
                send(&service, request).await.status()
            })
        });
        let mut passed = 0;
        for request in requests.collect::<Vec<_>>() {
            passed += usize::from(request.await.unwrap() == StatusCode::OK);
        }
        assert_eq!(passed, 3, "round {round}");
    }
}
