//! [`Identity`]: what an authenticator found out.

use std::sync::Arc;

use doorward_django::jwt;

use crate::stores::AuthToken;
use crate::user::User;

/// A caller and the credential that proved who it is: DRF's pair `(request.user, request.auth)`.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Who the caller is.
    pub user: User,
    /// What proved it.
    pub auth: Auth,
}

/// The credential that authenticated a request: DRF's `request.auth`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Auth {
    /// A user name and a password (`request.auth` is `None` in DRF).
    Basic,
    /// A session (`request.auth` is `None` in DRF).
    Session,
    /// The server in front of us said so.
    RemoteUser,
    /// An opaque token.
    Token(Arc<AuthToken>),
    /// A JSON web token of one of the configured classes.
    Jwt(jwt::TokenType, Arc<jwt::Claims>),
    /// What a scheme of one's own goes by, under the name of its class.
    Other(&'static str),
}

impl Auth {
    /// Whether browsers send it by themselves, whoever wrote the page, and no secret of this site goes with it: a password
    /// that was typed into the browser's dialog, and whatever the server in front of us goes by. A session is not: it asks
    /// for a CSRF token itself.
    pub(crate) fn is_ambient(&self) -> bool {
        matches!(self, Self::Basic | Self::RemoteUser)
    }

    /// The name of DRF's `type(request.auth)`, or `None` where that is `None`.
    #[must_use]
    pub fn class_name(&self) -> Option<&'static str> {
        match self {
            Self::Basic | Self::Session | Self::RemoteUser => None,
            Self::Token(_) => Some("Token"),
            Self::Jwt(kind, _) => Some(kind.class_name()),
            Self::Other(name) => Some(name),
        }
    }
}
