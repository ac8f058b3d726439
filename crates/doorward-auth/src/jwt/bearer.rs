use doorward_core::door::Door;
use doorward_core::exceptions::Result;
use doorward_core::stores::{StoreError, TokenHolder, UserField};
use doorward_core::user::UserId;
use doorward_django::jwt::{Claims, UserIdClaim};

use super::JwtDoorExt;

/// Whom a token stands for.
#[derive(Clone, Debug)]
pub(crate) enum Bearer {
    /// The token has no user claim.
    Unnamed,
    /// The claim is an id in a spelling that we do not read (difference 3).
    Misspelt,
    /// Nobody has that id.
    Unknown,
    /// This user.
    User(TokenHolder),
}

/// Looks the token's user up, by the column that `USER_ID_FIELD` names.
pub(crate) async fn bearer(door: &Door, claims: &Claims) -> Result<Bearer, StoreError> {
    match claims.user_id(door.jwt()) {
        Err(_) => Ok(Bearer::Misspelt),
        Ok(None) => Ok(Bearer::Unnamed),
        Ok(Some(claim)) => look_up(door, &claim).await,
    }
}

async fn look_up(door: &Door, claim: &UserIdClaim<'_>) -> Result<Bearer, StoreError> {
    if is_misspelt(door, claim) {
        return Ok(Bearer::Misspelt);
    }
    let Some(text) = claim.text().filter(|text| !text.contains('\0')) else {
        return Ok(Bearer::Unknown);
    };
    let field = door.tokens().user_id_field();
    let found = door.stores().revocations.holder(field, &text).await?;
    Ok(found.map_or(Bearer::Unknown, Bearer::User))
}

/// In a table with integer keys a number has one spelling; names, and keys that are texts, are taken as they are.
pub(crate) fn is_misspelt(door: &Door, claim: &UserIdClaim<'_>) -> bool {
    let has_integer_keys = || matches!(door.stores().users.parse_id("1"), Some(UserId::Int(_)));
    !door.is_stateless()
        && claim.integer().is_err()
        && door.tokens().user_id_field() == UserField::Id
        && has_integer_keys()
}
