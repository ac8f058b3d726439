//! [`PrincipalKind`]: callers who are no users.

use std::fmt;
use std::sync::Arc;

use super::{Kind, User, UserId};

/// A kind of callers who are no users: devices, webhooks, the bearers of signed links (in DRF any object with
/// `is_authenticated`).
///
/// They have no row, no permission and no group, and are never staff; `IsAuthenticated` lets them pass, and
/// [`IsPrincipal`](crate::permissions::IsPrincipal) nobody else. Whatever the name, their id (`Device:42`) is no user's: they
/// are throttled, logged and compared apart.
///
/// ```
/// use doorward_core::user::PrincipalKind;
///
/// const DEVICE: PrincipalKind = PrincipalKind::new("Device");
///
/// let caller = DEVICE.principal("42");
/// assert_eq!(caller.principal_name(DEVICE), Some("42"));
/// assert_eq!(caller.id().to_string(), "Device:42");
/// assert!(caller.row().is_none() && !caller.is_staff());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PrincipalKind(&'static str);

/// A caller who is no user.
#[derive(Debug)]
pub(super) struct Principal {
    kind: PrincipalKind,
    /// The kind, a colon, the name.
    pub(super) id: UserId,
}

impl PrincipalKind {
    /// The kind of that name, such as `Device`: one word, for logs and ids.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The caller of this kind that has that name.
    #[must_use]
    pub fn principal(self, name: impl fmt::Display) -> User {
        let id = UserId::Text(format!("{self}:{name}").into());
        User(Kind::Principal(Arc::new(Principal { kind: self, id })))
    }
}

impl fmt::Display for PrincipalKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Principal {
    pub(super) fn text(&self) -> &str {
        match &self.id {
            UserId::Text(text) => text,
            UserId::Int(_) | UserId::Uuid(_) => "",
        }
    }
}

impl User {
    /// The kind of a caller who is no user; `None` for users, and for the bearers of stateless tokens.
    #[must_use]
    pub fn principal_kind(&self) -> Option<PrincipalKind> {
        match &self.0 {
            Kind::Principal(principal) => Some(principal.kind),
            Kind::Row(_) | Kind::Token(_) => None,
        }
    }

    /// The name of a caller of that kind; `None` for everybody else.
    #[must_use]
    pub fn principal_name(&self, kind: PrincipalKind) -> Option<&str> {
        match &self.0 {
            Kind::Principal(principal) if principal.kind == kind => {
                principal.text().strip_prefix(kind.0)?.strip_prefix(':')
            }
            _ => None,
        }
    }
}
