//! [`RedisBlacklist`]: the blacklist of JSON web tokens, on a server that several nodes share.

use std::fmt;

use doorward_core::Answer;
use doorward_core::stores::{BlacklistedToken, Outage, SharedBlacklist, StoreAnswer, StoreError};
use doorward_django::hex;
use futures_util::future::try_join_all;
use redis::Value;
use redis::aio::MultiplexedConnection;
use sha2::{Digest, Sha256};

use crate::client::{Expiry, Redis};
use crate::failure::Failure;
use crate::metrics::{self, Lookup};

/// How many keys are written, or looked through, in one go.
const CHUNK: usize = 100;

/// The blacklist of JSON web tokens beside the table (`jwt.blacklist`).
///
/// A key is the prefix, `blacklist:` and the SHA-256 of a token's id; it is gone when the token ends. While the server is
/// away nothing is on it, and the table is asked.
#[derive(Clone)]
pub struct RedisBlacklist {
    redis: Redis,
    prefix: String,
}

impl RedisBlacklist {
    /// The blacklist on that server, in keys that begin with the prefix of its settings.
    #[must_use]
    pub fn new(redis: &Redis) -> Self {
        Self {
            redis: redis.clone(),
            prefix: format!("{}blacklist:", redis.prefix()),
        }
    }

    fn key(&self, jti: &str) -> String {
        format!("{}{}", self.prefix, hex::encode(&Sha256::digest(jti.as_bytes())))
    }

    async fn is_there(&self, jti: &str) -> bool {
        let found = self.redis.get(&self.key(jti)).await;
        metrics::looked_up(match found {
            Ok(Some(_)) => Lookup::Hit,
            Ok(None) => Lookup::Absent,
            Err(_) => Lookup::Away,
        });
        matches!(found, Ok(Some(_)))
    }

    async fn put(&self, tokens: &[BlacklistedToken]) -> Result<(), Failure> {
        for chunk in tokens.chunks(CHUNK) {
            let keys = chunk.iter().map(|token| (self.key(&token.jti), token.expires_at));
            let writing =
                keys.map(|(key, ends)| async move { self.redis.set(&key, b"1", Expiry::At(ends)).await });
            try_join_all(writing).await?;
        }
        Ok(())
    }

    /// Looks through each primary, one after the other. What is written meanwhile may go or stay.
    async fn empty(&self) -> Result<u64, Failure> {
        let mut deleted = 0;
        for mut primary in self.redis.primaries()? {
            let mut cursor = b"0".to_vec();
            loop {
                let (next, keys) = self.scan(&cursor, &mut primary).await?;
                for chunk in keys.chunks(CHUNK) {
                    deleted += self.unlink(chunk, &mut primary).await?;
                }
                if next == b"0" {
                    break;
                }
                cursor = next;
            }
        }
        Ok(deleted)
    }

    async fn scan(
        &self,
        cursor: &[u8],
        primary: &mut MultiplexedConnection,
    ) -> Result<(Vec<u8>, Vec<Vec<u8>>), Failure> {
        let mut command = redis::cmd("SCAN");
        command.arg(cursor).arg("MATCH").arg(pattern(&self.prefix));
        command.arg("COUNT").arg(1_000);
        self.redis
            .settle(async { Ok(command.query_async(primary).await?) })
            .await
    }

    /// One by one: in a cluster they are not in one slot.
    async fn unlink(&self, keys: &[Vec<u8>], primary: &mut MultiplexedConnection) -> Result<u64, Failure> {
        let mut unlinking = redis::pipe();
        for key in keys {
            unlinking.cmd("UNLINK").arg(key);
        }
        let gone = async { Ok(unlinking.query_async::<Vec<Value>>(primary).await?) };
        let gone = self.redis.settle(gone).await?;
        Ok(gone.iter().filter(|gone| **gone == Value::Int(1)).count() as u64)
    }
}

/// What matches all keys that begin with a prefix, and no others (`KEYS` of Redis).
fn pattern(prefix: &str) -> String {
    let special = |c: char| {
        if "*?[]^-\\".contains(c) {
            vec!['\\', c]
        } else {
            vec![c]
        }
    };
    let escaped: String = prefix.chars().flat_map(special).collect();
    format!("{escaped}*")
}

fn unwritten(failure: Failure) -> StoreError {
    StoreError::new(
        "The blacklist in Redis cannot be written.",
        Outage::Passing,
        failure,
    )
}

impl SharedBlacklist for RedisBlacklist {
    fn holds<'a>(&'a self, jti: &'a str) -> Answer<'a, bool> {
        if !self.redis.is_reachable() {
            metrics::looked_up(Lookup::Away);
            return Answer::ready(false);
        }
        Answer::pending(self.is_there(jti))
    }

    fn add<'a>(&'a self, tokens: &'a [BlacklistedToken]) -> StoreAnswer<'a, ()> {
        Answer::pending(async move { self.put(tokens).await.map_err(unwritten) })
    }

    fn clear(&self) -> StoreAnswer<'_, u64> {
        Answer::pending(async move { self.empty().await.map_err(unwritten) })
    }
}

impl fmt::Debug for RedisBlacklist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisBlacklist")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_its_prefix_alone() {
        assert_eq!(pattern("site:blacklist:"), "site:blacklist:*");
        assert_eq!(pattern("s*[a]?\\:"), "s\\*\\[a\\]\\?\\\\:*");
    }
}
