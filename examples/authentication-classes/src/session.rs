//! A session without CSRF token, and one whose refusals are 401.

use doorward::prelude::*;

/// For clients that keep the session and are no page of this site, such as an app. What another site's page makes a browser send
/// is refused all the same.
pub(crate) fn csrf_exempt() -> Policy {
    Policy::new().authenticate(CsrfExemptSessionAuthentication)
}

/// `WWW-Authenticate: Session`, so that a page's script can tell "log in" (401) from "you may not" (403).
pub(crate) fn with_401() -> Policy {
    Policy::new().authenticate(SessionAuthentication.challenged("Session"))
}
