use doorward_django::timestamp::Timestamp;

use super::Told;
use crate::cache::principals::user_key;
use crate::stores::{
    NewPassword, RevocationStore, Revoke, RevokedTokens, StoreAnswer, TokenHolder, UserField,
};
use crate::user::UserId;

/// A revocation blacklists tokens whose ids are not known here. Each of them is refused all the same, for its user's
/// [`not_before`](TokenHolder::not_before) is told of.
impl RevocationStore for Told<dyn RevocationStore> {
    fn holder<'a>(&'a self, field: UserField, value: &'a str) -> StoreAnswer<'a, Option<TokenHolder>> {
        self.store.holder(field, value)
    }

    fn revoke_user<'a>(
        &'a self,
        user: &'a UserId,
        what: Revoke,
        at: Timestamp,
    ) -> StoreAnswer<'a, RevokedTokens> {
        let user = user.clone();
        self.write([user_key(&user)], |store| async move {
            store.revoke_user(&user, what, at).await
        })
    }

    fn replace_password<'a>(
        &'a self,
        user: &'a UserId,
        password: NewPassword,
        what: Revoke,
        at: Timestamp,
    ) -> StoreAnswer<'a, Option<RevokedTokens>> {
        let user = user.clone();
        self.write([user_key(&user)], |store| async move {
            store.replace_password(&user, password, what, at).await
        })
    }
}
