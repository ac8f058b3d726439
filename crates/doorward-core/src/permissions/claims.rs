//! Rules on what a JSON web token says.

use std::borrow::Cow;
use std::fmt;

use doorward_django::json::Value;
use doorward_django::jwt;

use super::Permission;
use crate::answer::Answer;
use crate::context::{Context, View};
use crate::exceptions::Result;
use crate::identity::Auth;

/// Callers whose token holds a claim of exactly that value; every other credential is refused.
///
/// ```
/// use doorward_core::permissions::HasClaim;
///
/// let gold = HasClaim::new("tier", "gold");
/// ```
#[derive(Clone)]
pub struct HasClaim {
    name: Cow<'static, str>,
    value: Value,
}

impl HasClaim {
    /// The claim of that name must be equal to `value`; where it is a list, hold it.
    pub fn new(name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

impl fmt::Debug for HasClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HasClaim({}: {})", self.name, self.value)
    }
}

impl Permission for HasClaim {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        let claim = claims(cx).and_then(|claims| claims.get(&self.name));
        Answer::ready(Ok(match claim {
            Some(Value::Array(values)) if !self.value.is_array() => values.contains(&self.value),
            Some(value) => *value == self.value,
            None => false,
        }))
    }
}

/// Callers whose token holds a scope: a word of the claim `scope` (RFC 8693 §4.2), or an item where it is a list.
#[derive(Clone, Debug)]
pub struct HasScope(Cow<'static, str>);

impl HasScope {
    /// The claim `scope` must hold that word.
    pub fn new(scope: impl Into<Cow<'static, str>>) -> Self {
        Self(scope.into())
    }
}

impl Permission for HasScope {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        let scope = claims(cx).and_then(|claims| claims.get("scope"));
        Answer::ready(Ok(match scope {
            Some(Value::String(words)) => words.split(' ').any(|word| word == self.0),
            Some(Value::Array(words)) => words.iter().any(|word| word == &*self.0),
            _ => false,
        }))
    }
}

fn claims<'a>(cx: &Context<'a>) -> Option<&'a jwt::Claims> {
    match &cx.identity()?.auth {
        Auth::Jwt(_, claims) => Some(claims),
        _ => None,
    }
}
