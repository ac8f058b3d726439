use std::borrow::Cow;

use doorward_core::answer::Answer;
use doorward_core::door::Door;
use doorward_core::stores::{StoreAnswer, StoreError, TokenHolder, UserField};
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

/// Looks the token's user up, by the column that `USER_ID_FIELD` names, as it is stored now.
pub(crate) async fn bearer(door: &Door, claims: &Claims) -> Result<Bearer, StoreError> {
    let text = match named(door, claims) {
        Ok(text) => text,
        Err(nobody) => return Ok(nobody),
    };
    let field = door.tokens().user_id_field();
    let found = door.stores().revocations.holder(field, &text).await?;
    Ok(found.map_or(Bearer::Unknown, Bearer::User))
}

/// The same, as it was within `cache.max_staleness`.
pub(crate) fn known_bearer<'a>(door: &'a Door, claims: &Claims) -> StoreAnswer<'a, Bearer> {
    let text = match named(door, claims) {
        Ok(text) => text,
        Err(nobody) => return Answer::ready(Ok(nobody)),
    };
    let found = door.principals().person(door.tokens().user_id_field(), &text);
    found.map(|found| Ok(found?.map_or(Bearer::Unknown, Bearer::User)))
}

/// The text that the column of the token's user holds; or that the token names nobody.
fn named(door: &Door, claims: &Claims) -> Result<String, Bearer> {
    let claim = match claims.user_id(door.jwt()) {
        Err(_) => return Err(Bearer::Misspelt),
        Ok(None) => return Err(Bearer::Unnamed),
        Ok(Some(claim)) if is_misspelt(door, &claim) => return Err(Bearer::Misspelt),
        Ok(Some(claim)) => claim,
    };
    let text = claim.text().filter(|text| !text.contains('\0'));
    text.map(Cow::into_owned).ok_or(Bearer::Unknown)
}

/// In a table with integer keys a number has one spelling; names, and keys that are texts, are taken as they are.
pub(crate) fn is_misspelt(door: &Door, claim: &UserIdClaim<'_>) -> bool {
    let has_integer_keys = || matches!(door.stores().users.parse_id("1"), Some(UserId::Int(_)));
    !door.is_stateless()
        && claim.integer().is_err()
        && door.tokens().user_id_field() == UserField::Id
        && has_integer_keys()
}
