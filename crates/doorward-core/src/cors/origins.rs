//! Which origins are allowed.

use http::HeaderValue;
use regex::RegexSet;

use crate::settings::{CorsSettings, Findings, SettingsError, origin, pattern};

/// An origin that no site has (RFC 6761 §6.4): what matches it matches every site.
const NOBODY: &str = "https://nobody.invalid";

/// The origins that may read answers.
#[derive(Debug)]
pub(super) enum Origins {
    /// All of them, and without credentials.
    Any,
    /// Those of the list, and those that match a pattern as a whole.
    Some { listed: Vec<String>, patterns: RegexSet },
}

impl Origins {
    fn new(settings: &CorsSettings) -> Result<Self, SettingsError> {
        if settings.allow_all_origins {
            return if settings.allow_credentials {
                Err(every_site("allow_all_origins", "true"))
            } else {
                Ok(Self::Any)
            };
        }
        let listed = settings.allowed_origins.iter();
        let listed = listed.map(|origin| listed_origin(origin, settings));
        Ok(Self::Some {
            listed: listed.collect::<Result<_, _>>()?,
            patterns: patterns(settings)?,
        })
    }

    /// The origins of the settings; each origin and each pattern that is wrong is told by itself.
    pub(super) fn resolve(settings: &CorsSettings, found: &mut Findings) -> Option<Self> {
        for origin in &settings.allowed_origins {
            found.note(listed_origin(origin, settings));
        }
        for pattern in &settings.allowed_origin_regexes {
            found.note(whole(pattern));
        }
        found.note_if_new(Self::new(settings))
    }

    /// What `Access-Control-Allow-Origin` says to that origin, if it is allowed.
    pub(super) fn allow(&self, origin: &HeaderValue) -> Option<HeaderValue> {
        match self {
            Self::Any => Some(HeaderValue::from_static("*")),
            Self::Some { .. } => self.has(origin.to_str().ok()?).then(|| origin.clone()),
        }
    }

    /// Whether it is allowed, and by its name: not by a rule that lets everybody in.
    pub(super) fn names(&self, origin: &str) -> bool {
        !NOBODYS.contains(&origin) && self.has(origin) && !self.has(NOBODY)
    }

    fn has(&self, origin: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Some { listed, patterns } => {
                listed.iter().any(|known| known == origin) || patterns.is_match(origin)
            }
        }
    }
}

/// Origins that pages of many sites have.
const NOBODYS: [&str; 2] = ["null", "file://"];

/// An origin as browsers write it: in lower case, without a path (`corsheaders.checks`, E013, E014).
fn listed_origin(origin: &str, settings: &CorsSettings) -> Result<String, SettingsError> {
    match origin {
        // Pages in a sandbox have that origin, whatever site they are of.
        "null" if settings.allow_credentials => Err(every_site("allowed_origins", "null")),
        "null" | "file://" => Ok(origin.to_owned()),
        _ => as_browsers_write(origin),
    }
}

fn as_browsers_write(text: &str) -> Result<String, SettingsError> {
    let wrong = |problem: &str| {
        let problem = format!("`{}`: {problem}", text.escape_debug());
        SettingsError::new("cors.allowed_origins", problem)
    };
    if text.contains('*') {
        return Err(wrong(
            "a star stands for nothing here; write a pattern into cors.allowed_origin_regexes, or set \
             cors.allow_all_origins",
        ));
    }
    origin::origin(text).map_err(|problem| wrong(&problem))
}

fn patterns(settings: &CorsSettings) -> Result<RegexSet, SettingsError> {
    let key = "cors.allowed_origin_regexes";
    let patterns = settings.allowed_origin_regexes.iter();
    let whole = patterns
        .map(|pattern| whole(pattern))
        .collect::<Result<Vec<_>, _>>()?;
    let patterns = RegexSet::new(whole).map_err(|error| SettingsError::new(key, error.to_string()))?;
    let first_match = patterns.matches(NOBODY).iter().next();
    match first_match.and_then(|place| settings.allowed_origin_regexes.get(place)) {
        Some(pattern) if settings.allow_credentials => Err(every_site("allowed_origin_regexes", pattern)),
        _ => Ok(patterns),
    }
}

/// The pattern around a whole origin. Python's `re.match` lets anything follow: what is not anchored is refused, and
/// anchors hold for each branch, so that `^https://a\.example|b\.example$` lets no `https://a.example.evil` in.
fn whole(pattern: &str) -> Result<String, SettingsError> {
    let wrong = |problem: String| {
        let pattern = pattern.escape_debug();
        SettingsError::new("cors.allowed_origin_regexes", format!("`{pattern}`: {problem}"))
    };
    let begins = ["^", r"\A"].iter().any(|anchor| pattern.starts_with(anchor));
    let ends = ["$", r"\z"].iter().any(|anchor| pattern.ends_with(anchor));
    if !begins || !ends {
        return Err(wrong(
            "a pattern begins with `^` and ends with `$`, or other sites match it too".to_owned(),
        ));
    }
    if ["/$", r"/\z"].iter().any(|end| pattern.ends_with(end)) {
        return Err(wrong(
            "an origin does not end in a slash; take the slash out".to_owned(),
        ));
    }
    pattern::pattern(pattern).map_err(wrong)?;
    Ok(format!(r"\A(?:{pattern})\z"))
}

fn every_site(key: &str, value: &str) -> SettingsError {
    let problem = format!(
        "`{value}` together with cors.allow_credentials lets every site act in the name of whoever visits it; list \
         the origins, or switch credentials off"
    );
    SettingsError::new(format!("cors.{key}"), problem)
}
