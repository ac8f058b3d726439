//! `[[throttle.plans]]` and `user_rates`: rates of single users, in place of those of the scope.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use axum::routing::get;
use doorward_core::clock::ManualClock;
use doorward_core::permissions::AllowAny;
use doorward_core::service::DoorService;
use doorward_core::settings::{PlanSettings, Settings};
use doorward_core::throttling::{ScopedRateThrottle, UserRate, UserRateThrottle, UserRates};
use doorward_core::{Answer, ApiException, Context, Door, Policy, Result, RouteExt, Router, User, UserId};
use doorward_django::timestamp::Timestamp;
use doorward_testing::TestDatabase;
use http::Response;
use support::{Named, ask, header, request, settings};

struct Site {
    service: DoorService,
    memory: TestDatabase,
    clock: Arc<ManualClock>,
}

impl Site {
    fn new(change: impl FnOnce(&mut Settings)) -> Self {
        Self::with(change, None::<fn(&User, &str) -> Option<UserRate>>)
    }

    fn with(change: impl FnOnce(&mut Settings), rates: Option<impl UserRates + 'static>) -> Self {
        let mut settings = settings();
        for (scope, rate) in [("user", "1/min"), ("uploads", "1/h")] {
            settings.throttle.rates.insert(scope.to_owned(), rate.to_owned());
        }
        change(&mut settings);
        let memory = TestDatabase::new();
        let clock = Arc::new(ManualClock::new(Timestamp::from_secs(1_700_000_000)));
        let builder = Door::builder(settings, memory.stores()).clock(Arc::clone(&clock) as _);
        let builder = match rates {
            Some(rates) => builder.user_rates(rates),
            None => builder,
        };
        let service = routes(builder.build().unwrap().router()).into_service().unwrap();
        Self {
            service,
            memory,
            clock,
        }
    }

    async fn get(&self, path: &str, name: &str) -> Response<String> {
        ask(&self.service, request("GET", path).header("x-user", name)).await
    }

    /// How many of so many requests pass.
    async fn passed(&self, count: usize, path: &str, name: &str) -> usize {
        let mut passed = 0;
        for _ in 0..count {
            passed += usize::from(self.get(path, name).await.status() == 200);
        }
        passed
    }
}

fn routes(router: Router) -> Router {
    let open = || Policy::from(AllowAny).authenticate(Named(Some("Test")));
    let scoped = get(async || "ok").policy(open().throttle(ScopedRateThrottle));
    router
        .route(
            "/",
            get(async || "ok").policy(open().throttle(UserRateThrottle::default())),
        )
        .route("/uploads/", scoped.throttle_scope("uploads"))
}

fn plan(users: &[&str], groups: &[&str], rates: &[(&str, &str)]) -> PlanSettings {
    let mut plan = PlanSettings::default();
    plan.users = users.iter().map(|name| (*name).to_owned()).collect();
    plan.groups = groups.iter().map(|name| (*name).to_owned()).collect();
    let rates = rates
        .iter()
        .map(|(scope, rate)| ((*scope).to_owned(), (*rate).to_owned()));
    plan.rates = rates.collect();
    plan
}

#[tokio::test]
async fn a_named_user_has_the_rates_of_its_plan() {
    let site = Site::new(|settings| {
        settings.throttle.plans = vec![
            plan(&["robot"], &[], &[("user", "none")]),
            plan(&["alice", "robot"], &[], &[("user", "3/min"), ("uploads", "2/h")]),
        ];
    });
    assert_eq!(site.passed(9, "/", "robot").await, 9);
    assert_eq!(
        site.passed(9, "/uploads/", "robot").await,
        2,
        "the first plan does not name that scope"
    );
    assert_eq!(site.passed(9, "/", "bob").await, 1);
}

#[tokio::test]
async fn a_group_has_the_rates_of_its_plan() {
    let site = Site::new(|settings| {
        settings.throttle.plans = vec![plan(&[], &["gold", "premium"], &[("user", "4/min")])];
    });
    assert_eq!(site.passed(9, "/", "alice").await, 1);
    site.memory.add_user(support::user("alice"));
    site.memory.add_to_group(&UserId::Int(7), "premium");
    assert_eq!(
        site.passed(9, "/", "alice").await,
        4,
        "what was counted under another rate is not looked at"
    );
}

#[tokio::test]
async fn headers_and_wait_follow_the_rate_that_counted() {
    let site = Site::new(|settings| {
        settings.throttle.headers = true;
        settings.throttle.plans = vec![plan(&["alice"], &[], &[("user", "2/h")])];
    });
    let first = site.get("/", "alice").await;
    assert_eq!(header("ratelimit-policy", &first), Some("\"user\";q=2;w=3600"));
    assert_eq!(header("ratelimit", &first), Some("\"user\";r=1;t=3600"));
    site.clock.advance(Duration::from_secs(600));
    site.get("/", "alice").await;
    let refused = site.get("/", "alice").await;
    assert_eq!(
        (refused.status().as_u16(), header("retry-after", &refused)),
        (429, Some("3000"))
    );
    let other = site.get("/", "bob").await;
    assert_eq!(header("ratelimit-policy", &other), Some("\"user\";q=1;w=60"));
}

#[tokio::test]
async fn a_closure_stands_before_the_plans() {
    let rates = |user: &User, scope: &str| match (user.username(), scope) {
        ("root", _) => Some(UserRate::Unlimited),
        ("alice", "user") => Some(UserRate::Limited("2/min".parse().unwrap())),
        _ => None,
    };
    let plans = |settings: &mut Settings| {
        settings.throttle.plans = vec![plan(
            &["alice", "root"],
            &[],
            &[("user", "5/min"), ("uploads", "5/h")],
        )];
    };
    let site = Site::with(plans, Some(rates));
    assert_eq!(site.passed(9, "/", "root").await, 9);
    assert_eq!(site.passed(9, "/", "alice").await, 2);
    assert_eq!(
        site.passed(9, "/uploads/", "alice").await,
        5,
        "where it says nothing, the plan counts"
    );
    let anonymous = ask(&site.service, request("GET", "/")).await;
    assert_eq!(anonymous.status(), 200);
    assert_eq!(
        ask(&site.service, request("GET", "/")).await.status(),
        429,
        "nobody is asked of"
    );
}

/// As a plan that stands in a table of one's own.
struct FromATable;

impl UserRates for FromATable {
    fn rate_for<'a>(
        &'a self,
        cx: &'a Context<'a>,
        user: &'a User,
        _: &'a str,
    ) -> Answer<'a, Result<Option<UserRate>>> {
        Answer::pending(async move {
            if user.username() == "away" {
                return Err(ApiException::service_unavailable(Duration::from_secs(1)));
            }
            let groups = cx.door().stores().permissions.groups(user.id()).await?;
            Ok((groups.is_empty()).then(|| UserRate::Limited("3/min".parse().unwrap())))
        })
    }
}

#[tokio::test]
async fn a_rate_may_be_waited_for() {
    let site = Site::with(|_| {}, Some(FromATable));
    assert_eq!(site.passed(9, "/", "alice").await, 3);
    assert_eq!(site.get("/", "away").await.status(), 503);
}

#[tokio::test]
async fn many_rates_leave_nothing_behind() {
    let rates = |user: &User, _: &str| {
        let number = user.username().strip_prefix("user-")?;
        Some(UserRate::Limited(format!("{number}/s").parse().ok()?))
    };
    let site = Site::with(|_| {}, Some(rates));
    for number in 1..200 {
        assert_eq!(site.get("/", &format!("user-{number}")).await.status(), 200);
        site.clock.advance(Duration::from_secs(2));
    }
    assert_eq!(site.passed(9, "/", "user-5").await, 5);
}

#[test]
fn impossible_plans_are_told_with_their_number() {
    let good = plan(&["alice"], &[], &[("user", "1/s")]);
    for (bad, problem) in [
        (
            plan(&[], &[], &[("user", "1/s")]),
            "plan 2: it is nobody's; name `users` or `groups`",
        ),
        (plan(&["a"], &[], &[]), "plan 2: it has no rates"),
        (
            plan(&["a"], &[], &[("usr", "1/s")]),
            "plan 2: `usr` has no rate in `[throttle.rates]`",
        ),
        (
            plan(&["a"], &[], &[("user", "1/fortnight")]),
            "plan 2: `1/fortnight`: the period must be one of",
        ),
    ] {
        let mut settings = settings();
        settings.throttle.plans = vec![good.clone(), bad];
        let error = settings.validate().unwrap_err().to_string();
        assert!(
            error.contains("throttle.plans") && error.contains(problem),
            "{error}"
        );
    }
}
