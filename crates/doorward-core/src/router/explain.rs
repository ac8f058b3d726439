//! What a route would say to a caller: `doorward why USER METHOD PATH`.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::response::IntoResponse;
use http::request::Parts;
use http::{Method, Request, StatusCode};

use super::entry::{Entry, Kind};
use super::{Router, fallback_path};
use crate::context::{Context, ViewKind};
use crate::exceptions::{self, ApiException, Result};
use crate::explanation::{DecisionLog, Explanation, Step};
use crate::guard::Guard;
use crate::identity::Identity;
use crate::paths::with_other_end;
use crate::permissions;
use crate::policy::Rules;
use crate::settings::TrailingSlash;

impl Router {
    /// Why that caller may or may not send a request of that method to that path, with which permissions were asked
    /// and what each said. `None` is an anonymous caller.
    ///
    /// No credential is checked, no throttle asked and no handler run; what a handler asks of an object
    /// ([`Permitted`](crate::permissions::Permitted)) is not known. Of a path that is sent on to its slash before a fallback
    /// is asked (`append_slash`), the route is explained that it is sent on to.
    ///
    /// ```
    /// use doorward_core::{Door, settings::Settings};
    /// # use doorward_core::RouteExt;
    /// # use http::{Method, StatusCode};
    /// # let mut settings = Settings::default();
    /// # settings.secret_key = doorward_django::secret::Secret::new("a key for an example, as long as all are".to_owned());
    /// # let stores = doorward_testing::TestDatabase::new().stores();
    /// # futures_util::future::FutureExt::now_or_never(async {
    ///
    /// let door = Door::new(settings.with_apps(&doorward_auth::apps()), stores).unwrap();
    /// let router = door.router().route("/home/", axum::routing::get(|| async { "hello" }));
    /// let explanation = router.explain(None, &Method::GET, "/home/").await;
    /// assert_eq!(explanation.refusal.unwrap().0, StatusCode::UNAUTHORIZED);
    /// # }).expect("nobody is looked up");
    /// ```
    pub async fn explain(&self, caller: Option<Identity>, method: &Method, path: &str) -> Explanation {
        let spelled = self.spelled(path);
        let path = &*spelled;
        let Some((route, entry)) = self.entry(path).or_else(|| self.fallback_entry(path)) else {
            return unknown();
        };
        match entry.guard(&self.door, &route) {
            Some(guard) if guard.view().kind == ViewKind::Api => {
                let refusal = refusal(&guard, caller, method, path).await;
                refusal.explanation(&route, guard.rules())
            }
            _ => open(&route),
        }
    }

    /// A path as it is when its route is looked for: with a slash more at its end, or with one less, where a route has that
    /// spelling only.
    fn spelled<'p>(&self, path: &'p str) -> Cow<'p, str> {
        let other = match self.entry(path) {
            Some(_) => None,
            None => with_other_end(path).filter(|other| self.is_meant(path, other)),
        };
        other.map_or(Cow::Borrowed(path), Cow::Owned)
    }

    /// Whether who asks for a path that no route has comes to the route of the other spelling: one of the API's by
    /// `rest.trailing_slash`, any by `append_slash`, which goes before a fallback.
    fn is_meant(&self, path: &str, other: &str) -> bool {
        let settings = self.door.settings();
        let is_same = settings.rest.trailing_slash == TrailingSlash::Optional;
        let is_sent_on = settings.append_slash && !path.ends_with('/') && self.fallback_entry(path).is_some();
        let found = self.entry(other);
        found.is_some_and(|(_, entry)| is_sent_on || (is_same && entry.is_api()))
    }

    /// The route that serves a path, by the rules of the router.
    fn entry(&self, path: &str) -> Option<(String, &Entry)> {
        let mut known = matchit::Router::new();
        for (route, entry) in &self.routes {
            let patterns = match entry.kind {
                Kind::Nested(_) => below(route),
                Kind::Guarded(_) | Kind::Public(_) | Kind::Probe(_) => vec![route.clone()],
            };
            for pattern in patterns {
                let _ = known.insert(pattern, (route, entry));
            }
        }
        let found = known.at(path).ok()?;
        Some((found.value.0.clone(), found.value.1))
    }

    /// The fallback that answers where no route is.
    fn fallback_entry(&self, path: &str) -> Option<(String, &Entry)> {
        let mut known = matchit::Router::new();
        for (prefix, entry) in &self.fallbacks {
            let patterns = [below(prefix), vec![prefix.clone()]].concat();
            for pattern in patterns {
                let _ = known.insert(pattern, (prefix, entry));
            }
        }
        let found = known.at(path).ok()?;
        Some((fallback_path(found.value.0), found.value.1))
    }
}

/// What lies below a prefix.
fn below(prefix: &str) -> Vec<String> {
    vec![format!("{prefix}/"), format!("{prefix}/{{*rest}}")]
}

async fn refusal(guard: &Guard, caller: Option<Identity>, method: &Method, path: &str) -> Judgement {
    let parts = match parts(method, path) {
        Ok(parts) => parts,
        Err(refused) => return Judgement::early(refused),
    };
    let state = Arc::new(guard.state(&parts, Body::empty()));
    let cx = Context::new(&parts, &state);
    let log = cx.note::<DecisionLog>();
    if let Some(identity) = caller {
        cx.identify(identity);
    }
    let answer = judged(&cx, guard).await;
    Judgement {
        log: log.steps(),
        answer,
    }
}

/// The permissions, then the method.
async fn judged(cx: &Context<'_>, guard: &Guard) -> Result {
    permissions::check(cx, &guard.rules().permissions).await?;
    match guard.answers(cx.method()) {
        true => Ok(()),
        false => Err(ApiException::method_not_allowed(cx.method())),
    }
}

struct Judgement {
    log: Vec<Step>,
    answer: Result,
}

impl Judgement {
    fn early(refused: ApiException) -> Self {
        Self {
            log: Vec::new(),
            answer: Err(refused),
        }
    }

    fn explanation(self, route: &str, rules: &Rules) -> Explanation {
        Explanation {
            route: Some(route.to_owned()),
            steps: self.log,
            refusal: self.answer.err().map(|refused| told(refused, rules)),
        }
    }
}

/// A refusal as the caller would see it: a 401 without a challenge is a 403.
fn told(refused: ApiException, rules: &Rules) -> (StatusCode, String) {
    let detail = refused.to_string();
    let mut response = refused.into_response();
    exceptions::challenge(&mut response, rules.challenge.as_ref());
    (response.status(), detail)
}

fn parts(method: &Method, path: &str) -> Result<Parts> {
    let request = Request::builder().method(method).uri(path).body(());
    let (parts, ()) = request.map_err(|_| ApiException::not_found())?.into_parts();
    Ok(parts)
}

fn unknown() -> Explanation {
    Explanation {
        route: None,
        steps: Vec::new(),
        refusal: Some((StatusCode::NOT_FOUND, ApiException::not_found().to_string())),
    }
}

/// A public route, or a page, which lets everyone in and asks for itself.
fn open(route: &str) -> Explanation {
    Explanation {
        route: Some(route.to_owned()),
        steps: Vec::new(),
        refusal: None,
    }
}
