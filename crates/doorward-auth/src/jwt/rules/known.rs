//! [`TokenRules::decode_known`]: tokens that come again.

use std::sync::Arc;

use doorward_core::Answer;
use doorward_core::stores::StoreAnswer;
use doorward_django::jwt::{self, Claims, Keyring, TokenError};
use doorward_django::timestamp::Timestamp;

use super::TokenRules;

impl TokenRules {
    /// As [`decode`](Self::decode), for a token that may come again: that it is genuine is remembered.
    pub(crate) fn decode_known<'a>(
        &'a self,
        token: &'a [u8],
        now: Timestamp,
    ) -> StoreAnswer<'a, Result<Arc<Claims>, TokenError>> {
        let Some(remote) = self.remote.get() else {
            return Answer::ready(Ok(self.decode_with(&self.keyring(), token, now)));
        };
        match remote
            .young(now)
            .and_then(|keyring| self.known(&keyring, token, now))
        {
            Some(known) => Answer::ready(Ok(known)),
            None => Answer::pending(async move {
                let keyring = remote.keyring(jwt::claimed_kid(token).as_deref(), now).await?;
                Ok(self.decode_with(&keyring, token, now))
            }),
        }
    }

    /// What is remembered of a token, judged anew.
    fn known(
        &self,
        keyring: &Arc<Keyring>,
        token: &[u8],
        now: Timestamp,
    ) -> Option<Result<Arc<Claims>, TokenError>> {
        let claims = self.remembered.as_ref()?.find(token, keyring, now)?;
        Some(claims.check_registered(&self.claims, now).map(|()| claims))
    }

    fn decode_with(
        &self,
        keyring: &Arc<Keyring>,
        token: &[u8],
        now: Timestamp,
    ) -> Result<Arc<Claims>, TokenError> {
        if let Some(known) = self.known(keyring, token, now) {
            return known;
        }
        let claims = Arc::new(keyring.decode(token, &self.claims, now)?);
        if let Some(remembered) = &self.remembered {
            remembered.keep(token, keyring, &claims, now);
        }
        Ok(claims)
    }
}
