//! [`Paths`]: every path of a service, for addresses that none of them fits.

use crate::throttling::ImproperlyConfigured;

/// A route that cannot be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RouteError {
    /// Two routes have one path.
    #[error("the path `{0}` is registered twice; give each path one route")]
    Twice(String),
    /// The path does not parse, or clashes with another's pattern.
    #[error("the path `{path}` cannot be routed: {reason}")]
    Path {
        /// The path.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Two fallbacks stand below one prefix; that of the whole router is empty.
    #[error("two fallbacks answer below `{0}/`; give each router one")]
    TwoFallbacks(String),
    /// No method of the path has a handler, so that every request would be answered 405.
    #[error("the path `{0}` has no handler; write `get(…)`, `post(…)` or `any(…)`")]
    NoMethod(String),
    /// A permission of a path lacks something, such as a model.
    #[error("{0}")]
    Permission(ImproperlyConfigured),
    /// A throttle of the path lacks something in the settings, such as a rate.
    #[error("the path `{path}` cannot be throttled: {reason}")]
    Throttle {
        /// The path.
        path: String,
        /// What it lacks.
        reason: ImproperlyConfigured,
    },
}

/// All paths that are registered.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    known: matchit::Router<Audience>,
    /// Where pages are: their paths' first segments.
    pages: Vec<String>,
    /// Where the API is: its paths' first segments, without slashes. They are few.
    apis: Vec<String>,
    /// Those that are answered whatever the host.
    probes: Vec<String>,
    /// Who asks for what is not registered, as far as anything answers there.
    elsewhere: Option<Audience>,
}

/// Who asks for a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Programs, which bring a credential.
    Api,
    /// People's browsers, as far as we know.
    Browsers,
}

impl Paths {
    /// Adds the path of a route.
    pub(crate) fn add(&mut self, path: &str, audience: Audience) -> Result<(), RouteError> {
        let failed = |reason: &str| RouteError::Path {
            path: path.to_owned(),
            reason: reason.to_owned(),
        };
        if let Some(reason) = unreachable(path) {
            return Err(failed(reason));
        }
        if audience == Audience::Api {
            let is_new = |segment: &&str| !self.apis.iter().any(|known| known == segment);
            let segment = first_segment(path).filter(is_new).map(str::to_owned);
            self.apis.extend(segment);
        }
        self.known
            .insert(path, audience)
            .map_err(|error| failed(&error.to_string()))
    }

    /// Adds a page: what is not found near it is told in HTML.
    pub(crate) fn add_page(&mut self, path: &str) -> Result<(), RouteError> {
        if let Some(segment) = path.split_inclusive('/').nth(1) {
            self.pages.push(format!("/{segment}"));
        }
        self.add(path, Audience::Browsers)
    }

    /// Adds a path that is answered whatever the host.
    pub(crate) fn add_probe(&mut self, path: &str) -> Result<(), RouteError> {
        self.probes.push(path.to_owned());
        self.add(path, Audience::Browsers)
    }

    /// Says who asks for what is not registered.
    pub(crate) fn add_fallback(&mut self, audience: Audience) {
        self.elsewhere = Some(audience);
    }

    /// Adds all that lies below a prefix.
    pub(crate) fn add_nested(&mut self, prefix: &str) -> Result<(), RouteError> {
        if let Some(problem) = not_a_prefix(prefix) {
            return Err(problem);
        }
        self.add(prefix, Audience::Browsers)?;
        self.add(&format!("{prefix}/"), Audience::Browsers)?;
        self.add(&format!("{prefix}/{{*rest}}"), Audience::Browsers)
    }

    /// Whether an address would be known if it ended in a slash
    /// (`CommonMiddleware.should_redirect_with_slash`).
    pub(crate) fn lacks_slash(&self, path: &str) -> bool {
        self.known.at(path).is_err() && self.known.at(&format!("{path}/")).is_ok()
    }

    /// The path of the API that an address would be with a slash more at its end, or with one less; `None` where the address is
    /// known as it stands, and where neither is.
    pub(crate) fn other_spelling(&self, path: &str) -> Option<String> {
        if self.known.at(path).is_ok() {
            return None;
        }
        let other = with_other_end(path)?;
        let found = self.known.at(&other).ok()?;
        (*found.value == Audience::Api).then_some(other)
    }

    /// Whether an address is answered whatever the host.
    pub(crate) fn is_probe(&self, path: &str) -> bool {
        self.probes.iter().any(|probe| probe == path)
    }

    /// Whether an address, or the one with a slash at its end, is a page's or public; or lies where pages are.
    pub(crate) fn is_for_browsers(&self, path: &str) -> bool {
        let known = self.known.at(path).ok().map(|matched| *matched.value);
        let slashed = || {
            self.known
                .at(&format!("{path}/"))
                .ok()
                .map(|matched| *matched.value)
        };
        match known.or_else(slashed) {
            Some(audience) => audience == Audience::Browsers,
            None => self.is_near_page(path) || self.is_open(path),
        }
    }

    /// Whether an address that is not registered is open to browsers, and none of the API's.
    fn is_open(&self, path: &str) -> bool {
        self.elsewhere == Some(Audience::Browsers) && !self.is_near_api(path)
    }

    /// Whether an address lies where the API is, so that a program may ask for it.
    pub(crate) fn is_near_api(&self, path: &str) -> bool {
        first_segment(path).is_some_and(|segment| self.apis.iter().any(|known| known == segment))
    }

    /// Whether an address lies where pages are, so that a browser may ask for it.
    pub(crate) fn is_near_page(&self, path: &str) -> bool {
        self.pages.iter().any(|prefix| path.starts_with(prefix))
    }
}

/// A path with a slash more at its end, or with one less; `None` where it would end in a slash still.
pub(crate) fn with_other_end(path: &str) -> Option<String> {
    match path.strip_suffix('/') {
        Some(rest) if rest.ends_with('/') => None,
        Some(rest) => Some(rest.to_owned()),
        None => Some(format!("{path}/")),
    }
}

/// The text between the first slash and the next; `None` for the root.
fn first_segment(path: &str) -> Option<&str> {
    let rest = path.strip_prefix('/')?;
    let end = rest.bytes().position(|byte| byte == b'/').unwrap_or(rest.len());
    rest.get(..end).filter(|segment| !segment.is_empty())
}

/// Why nothing can stand below a prefix; `None` where it can.
pub(crate) fn not_a_prefix(prefix: &str) -> Option<RouteError> {
    let is_prefix = prefix.starts_with('/') && !prefix.ends_with('/') && !prefix.contains('*');
    (!is_prefix).then(|| RouteError::Path {
        path: prefix.to_owned(),
        reason: "a prefix is `/name`, without a slash at its end".to_owned(),
    })
}

/// Why a path cannot stand below a prefix; `None` where it can.
pub(crate) fn unjoinable(path: &str) -> Option<RouteError> {
    (!path.starts_with('/')).then(|| RouteError::Path {
        path: path.to_owned(),
        reason: "it must begin with a slash".to_owned(),
    })
}

/// Why no request has such a path, or none that keeps its meaning on the way; `None` for a path that is one.
///
/// Outside of parameters it is what RFC 3986 §3.3 has clients send, without escapes: one path has one spelling.
pub(crate) fn unreachable(path: &str) -> Option<&'static str> {
    match path {
        _ if !path.starts_with('/') => Some("it must begin with a slash"),
        _ if path.starts_with("//") => Some("it must begin with one slash: what follows two is a host"),
        _ if path.contains("/:") || path.contains("/*") => {
            Some("a parameter is written `{name}`, and one for all the rest `{*name}`")
        }
        _ if path.split('/').any(|segment| segment == "." || segment == "..") => {
            Some("clients take `.` and `..` out of a path")
        }
        _ if !outside_parameters(path).all(is_plain) => Some(
            "a path is made of ASCII letters, digits, slashes and -._~!$&'()*+,;=:@; clients escape everything else, and \
             end it at `?` and `#`",
        ),
        _ => None,
    }
}

fn outside_parameters(path: &str) -> impl Iterator<Item = char> {
    let mut inside = false;
    path.chars().filter(move |c| {
        inside = (inside || *c == '{') && *c != '}';
        !inside && (*c != '}')
    })
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_request_can_have_is_a_path() {
        for path in [
            "/",
            "/a/b.c/~d/",
            "/products/{id}/",
            "/files/{*größe}",
            "/.well-known/jwks.json",
            "/a@b:c;d=e",
        ] {
            assert_eq!(unreachable(path), None, "{path}");
        }
        for path in [
            "", "a/", "//x/", "/:id/", "/*rest", "/a/../b/", "/./", "/ü/", "/a b/", "/a?b/", "/a#b/",
            "/%41/", "/a%20b/", "/a\\b/", "/a|b/", "/\"/", "/a\n/",
        ] {
            assert!(unreachable(path).is_some(), "{path}");
        }
    }
}
