//! "Every route denies the anonymous".

use std::fmt;
use std::panic::Location;

use doorward_core::router::RouteInfo;
use http::{Method, StatusCode};

use crate::failure::fail;
use crate::{TestClient, TestSite};

impl TestSite {
    /// Asks every route that is registered, with each of its methods and without credentials: all must answer 401 or
    /// 403, but those that are meant to be open. These are named as `"/healthz"`, or, where only some methods are open,
    /// as `"GET /reports/"`; a name that nothing open has is a failure too, so that the list stays true.
    ///
    /// Parameters in paths are filled with `1`, bodies are empty, and `OPTIONS` is not asked. A foreign router
    /// ([`nest_public`](doorward_core::Router::nest_public)) is open by its prefix.
    ///
    /// ```
    /// # use axum::routing::{get, post};
    /// # use doorward_core::RouteExt;
    /// # use doorward_core::permissions::IsAuthenticatedOrReadOnly;
    /// # use doorward_testing::TestDoor;
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// # async fn handler() {}
    /// # let door = TestDoor::new();
    /// let routes = door
    ///     .router()
    ///     .route("/profile/", get(handler))
    ///     .route("/reports/{id}/", get(handler).put(handler).policy(IsAuthenticatedOrReadOnly))
    ///     .public("/healthz", get(handler));
    /// let site = door.site(routes);
    /// site.assert_anonymous_denied(["/healthz", "GET /reports/{id}/"]).await;
    /// # });
    /// ```
    ///
    /// # Panics
    /// With all routes that let the anonymous in, and all names that stand for none.
    #[track_caller]
    pub fn assert_anonymous_denied<'e>(
        &self,
        except: impl IntoIterator<Item = &'e str>,
    ) -> impl Future<Output = ()> {
        let caller = Location::caller();
        let except: Vec<Exception<'e>> = except.into_iter().map(Exception::parse).collect();
        async move {
            let open = self.open().await;
            let report = Report::new(&open, &except);
            if !report.is_clean() {
                fail(format_args!("at {caller}:\n{report}"));
            }
        }
    }

    /// The library's endpoints that are open by their nature, such as `"POST /api/token/"`: for sites that merge
    /// [`Door::endpoints`](doorward_core::Door::endpoints), where each of them is meant to be open.
    ///
    /// ```
    /// # use axum::routing::get;
    /// # use doorward_testing::TestDoor;
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// # async fn handler() {}
    /// # let door = TestDoor::new();
    /// let routes = door.router().public("/healthz", get(handler)).merge(door.endpoints());
    /// let site = door.site(routes);
    /// let endpoints = site.open_endpoints().await;
    /// let open = endpoints.iter().map(String::as_str).chain(["/healthz"]);
    /// site.assert_anonymous_denied(open).await;
    /// # });
    /// ```
    pub async fn open_endpoints(&self) -> Vec<String> {
        let library = Self::new(self.door(), self.door().endpoints());
        let open = library.open().await;
        open.iter().map(Open::name).collect()
    }

    /// What lets the anonymous in.
    async fn open(&self) -> Vec<Open<'_>> {
        let client = self.anonymous();
        let mut open = Vec::new();
        for route in &self.routes {
            for method in methods(route) {
                let status = ask(&client, &method, &route.path).await;
                if !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
                    open.push(Open {
                        route,
                        method,
                        status,
                    });
                }
            }
        }
        open
    }
}

/// The methods to ask; a foreign router does not tell its own.
fn methods(route: &RouteInfo) -> Vec<Method> {
    match route.methods.is_empty() {
        true => vec![Method::GET],
        false => route
            .methods
            .iter()
            .filter(|method| !matches!(**method, Method::OPTIONS | Method::HEAD))
            .cloned()
            .collect(),
    }
}

async fn ask(client: &TestClient, method: &Method, path: &str) -> StatusCode {
    client.request(method.clone(), &filled(path)).await.status()
}

/// The path with `1` for each parameter.
fn filled(path: &str) -> String {
    let mut parts = path.split('{');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        filled.push('1');
        filled.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    filled
}

/// A method of a route that does not refuse the anonymous.
#[derive(Debug)]
struct Open<'s> {
    route: &'s RouteInfo,
    method: Method,
    status: StatusCode,
}

impl Open<'_> {
    /// As an exception names it: `GET /reports/`.
    fn name(&self) -> String {
        format!("{} {}", self.method, self.route.path)
    }
}

/// What is meant to be open.
#[derive(Debug)]
struct Exception<'e> {
    text: &'e str,
    method: Option<&'e str>,
    path: &'e str,
}

impl<'e> Exception<'e> {
    fn parse(text: &'e str) -> Self {
        match text.split_once(' ') {
            Some((method, path)) => Self {
                text,
                method: Some(method),
                path,
            },
            None => Self {
                text,
                method: None,
                path: text,
            },
        }
    }

    fn covers(&self, open: &Open<'_>) -> bool {
        self.path == open.route.path && self.method.is_none_or(|method| method == open.method.as_str())
    }
}

/// What is open and should not be, and what should be and is not.
struct Report<'r> {
    open: Vec<&'r Open<'r>>,
    stale: Vec<&'r str>,
}

impl<'r> Report<'r> {
    fn new(open: &'r [Open<'r>], except: &'r [Exception<'r>]) -> Self {
        let covered = |open: &&Open<'_>| except.iter().any(|exception| exception.covers(open));
        let is_stale = |exception: &&Exception<'_>| !open.iter().any(|open| exception.covers(open));
        Self {
            open: open.iter().filter(|open| !covered(open)).collect(),
            stale: except
                .iter()
                .filter(is_stale)
                .map(|exception| exception.text)
                .collect(),
        }
    }

    fn is_clean(&self) -> bool {
        self.open.is_empty() && self.stale.is_empty()
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.open.is_empty() {
            writeln!(
                f,
                "anonymous callers are let in here; name what is meant to be open:"
            )?;
        }
        for open in &self.open {
            let (name, policy) = (open.name(), &open.route.policy);
            writeln!(f, "  \"{name}\" answers {} (policy: {policy})", open.status)?;
        }
        if !self.stale.is_empty() {
            writeln!(
                f,
                "these were named as open, but no such route lets anonymous callers in:"
            )?;
        }
        self.stale.iter().try_for_each(|name| writeln!(f, "  \"{name}\""))
    }
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn each_parameter_is_filled() {
        assert_eq!(filled("/a/{id}/b/{name}/"), "/a/1/b/1/");
        assert_eq!(filled("/files/{*rest}"), "/files/1");
        assert_eq!(filled("/plain/"), "/plain/");
    }
}
