use doorward_db::feed::Key;
use doorward_django::timestamp::Timestamp;

use super::Told;
use crate::cache::principals::{unnamed_tokens, user_key};
use crate::stores::{
    NewPassword, RevocationStore, Revoke, RevokedTokens, StoreAnswer, TokenHolder, UserField,
};
use crate::user::UserId;

/// A revocation blacklists tokens whose ids are not known here: it is told of all that are remembered as good.
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
        self.write(changed(&user, what), |store| async move {
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
        self.write(changed(&user, what), |store| async move {
            store.replace_password(&user, password, what, at).await
        })
    }
}

fn changed(user: &UserId, what: Revoke) -> Vec<Key> {
    let tokens = what.json_web_tokens.then(unnamed_tokens);
    [user_key(user)].into_iter().chain(tokens).collect()
}
