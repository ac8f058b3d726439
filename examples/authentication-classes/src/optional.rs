//! A bad credential means anonymous: for what everybody may read, whatever their client has kept.

use doorward::prelude::*;

pub(crate) fn policy() -> Policy {
    Policy::from(AllowAny).authenticate(TokenAuthentication::default().or_anonymous())
}
