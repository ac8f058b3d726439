//! One probe per authenticator, per permission and per throttle, below `/probe/`.

use std::sync::Arc;

use axum::Json;
use axum::routing::{get, post};
use doorward::Door;
use doorward::answer::Answer;
use doorward::authentication::Authenticator;
use doorward::django::secret::Secret;
use doorward::extract::RequestContext;
use doorward::parsers::Data;
use doorward::password_validation::{self, ValidationError};
use doorward::permissions::{Denial, Permission};
use doorward::prelude::*;
use serde_json::{Value, json};

/// All probes.
pub(crate) fn router(door: &Door) -> Router {
    let router = authenticators()
        .into_iter()
        .fold(door.router(), |router, (name, list)| {
            let policy = || Policy::new().authenticators(list.clone());
            router
                .route(
                    &format!("/probe/authenticators/{name}/"),
                    protected().policy(policy().permit(IsAuthenticated)),
                )
                .route(
                    &format!("/probe/whoami/{name}/"),
                    who_am_i().policy(policy().permit(AllowAny)),
                )
        });
    let router = permissions().into_iter().fold(router, |router, (name, list)| {
        let policy = Policy::new().permissions(list);
        router.route(&format!("/probe/permissions/{name}/"), protected().policy(policy))
    });
    throttled(router).route("/probe/passwords/validate/", validate_password())
}

/// What the validators of the settings say of a password for the caller.
fn validate_password() -> GuardedRoute {
    async fn validate(request: RequestContext, user: User, data: Data) -> Result<Json<Value>> {
        let door = request.context().door();
        let row = door.stores().users.by_id(user.id()).await?;
        let row = row.ok_or_else(ApiException::not_found)?;
        let password = Secret::new(data.text("password").unwrap_or_default().to_owned());
        let judged = password_validation::validate_password(&password, (&*row).into(), door).await?;
        let refused = |errors: Vec<ValidationError>| {
            let messages: Vec<_> = errors.into_iter().map(|error| error.message).collect();
            ApiException::validation_error(json!({ "password": messages }))
        };
        judged.map_err(refused)?;
        Ok(Json(json!({ "ok": true })))
    }
    let about = "What the validators of the settings say of a password for the caller.";
    let route = post(validate).policy(IsAuthenticated);
    route.describe("Validate Password", about)
}

/// One probe per throttle, open to everyone.
fn throttled(router: Router) -> Router {
    let router = throttles().into_iter().fold(router, |router, (name, list)| {
        let policy = Policy::from(AllowAny).throttles(list);
        router.route(
            &format!("/probe/throttles/{name}/"),
            counted("Throttled").policy(policy),
        )
    });
    let scoped = counted("Scoped Throttled").policy(Policy::from(AllowAny).throttle(ScopedRateThrottle));
    router.route("/probe/throttles/scoped/", scoped.throttle_scope("uploads"))
}

fn throttles() -> [(&'static str, Vec<Arc<dyn Throttle>>); 4] {
    let burst = || Arc::new(UserRateThrottle::scope("burst"));
    let user = || Arc::new(UserRateThrottle::default());
    [
        ("anon", vec![Arc::new(AnonRateThrottle::default())]),
        ("user", vec![user()]),
        ("burst", vec![burst()]),
        ("burst-and-user", vec![burst(), user()]),
    ]
}

fn counted(name: &'static str) -> GuardedRoute {
    async fn ok() -> Json<Value> {
        Json(json!({ "ok": true }))
    }
    get(ok).post(ok).describe(name, "")
}

type Authenticators = Vec<Arc<dyn Authenticator>>;

fn authenticators() -> [(&'static str, Authenticators); 10] {
    let token = || Arc::new(TokenAuthentication::default());
    [
        ("basic", vec![Arc::new(BasicAuthentication)]),
        ("session", vec![Arc::new(SessionAuthentication)]),
        ("token", vec![token()]),
        (
            "bearer-token",
            vec![Arc::new(TokenAuthentication::default().keyword("Bearer"))],
        ),
        ("jwt", vec![Arc::new(JwtAuthentication)]),
        ("jwt-stateless", vec![Arc::new(JwtStatelessUserAuthentication)]),
        ("remote-user", vec![Arc::new(RemoteUserAuthentication)]),
        (
            "session-basic",
            vec![Arc::new(SessionAuthentication), Arc::new(BasicAuthentication)],
        ),
        ("token-session", vec![token(), Arc::new(SessionAuthentication)]),
        ("none", vec![]),
    ]
}

fn permissions() -> [(&'static str, Vec<Arc<dyn Permission>>); 9] {
    [
        ("allow-any", vec![Arc::new(AllowAny)]),
        ("authenticated", vec![Arc::new(IsAuthenticated)]),
        ("admin", vec![Arc::new(IsAdminUser)]),
        ("read-only", vec![Arc::new(IsAuthenticatedOrReadOnly)]),
        ("admin-or-premium", vec![Arc::new(IsAdminUser.or(HasPremiumTier))]),
        (
            "admin-and-premium",
            vec![Arc::new(IsAdminUser.and(HasPremiumTier))],
        ),
        (
            "not-admin",
            vec![Arc::new(IsAuthenticated.and(IsAdminUser.not()))],
        ),
        (
            "premium",
            vec![Arc::new(IsAuthenticated), Arc::new(HasPremiumTier)],
        ),
        ("none", vec![]),
    ]
}

fn protected() -> GuardedRoute {
    async fn ok() -> Json<Value> {
        Json(json!({ "ok": true }))
    }
    let every = get(ok).post(ok).put(ok).patch(ok).delete(ok);
    every.describe("Protected", "")
}

/// Who the authenticator says the caller is; anonymous callers are told so.
fn who_am_i() -> GuardedRoute {
    async fn who(user: Option<User>, auth: Option<Auth>) -> Json<Value> {
        Json(json!({
            "user": user.as_ref().map(User::username).filter(|name| !name.is_empty()),
            "id": user.as_ref().map(User::id),
            "is_authenticated": user.is_some(),
            "is_staff": user.as_ref().is_some_and(User::is_staff),
            "auth": auth.and_then(|auth| auth.class_name()),
        }))
    }
    let about = "Who the authenticator says the caller is; anonymous callers are told so.";
    get(who).post(who).describe("Who Am I", about)
}

/// Members of the group `premium` only: the tutorials' tiered access.
#[derive(Debug)]
struct HasPremiumTier;

impl Permission for HasPremiumTier {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        Answer::pending(async move { Ok(cx.groups().await?.contains("premium")) })
    }

    fn denial(&self) -> Option<Denial> {
        Some(Denial {
            message: "This feature needs the premium tier.".into(),
            code: "tier_required".into(),
        })
    }
}
