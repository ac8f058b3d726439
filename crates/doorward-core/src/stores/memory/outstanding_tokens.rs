use std::collections::HashMap;
use std::sync::Mutex;

use doorward_django::timestamp::Timestamp;

use super::lock;
use crate::answer::Answer;
use crate::stores::{
    Blacklisting, OutstandingToken, OutstandingTokenStore, Predecessor, Rotation, StoreAnswer,
};

/// Outstanding tokens and those that were taken back, by id.
#[derive(Debug, Default)]
pub(super) struct MemoryOutstandingTokens(Mutex<Rows>);

type Rows = HashMap<String, Row>;

#[derive(Debug)]
struct Row {
    token: OutstandingToken,
    blacklisted_at: Option<Timestamp>,
}

impl OutstandingTokenStore for MemoryOutstandingTokens {
    fn record(&self, token: OutstandingToken) -> StoreAnswer<'_, ()> {
        outstand(&mut lock(&self.0), token);
        Answer::ready(Ok(()))
    }

    fn is_blacklisted<'a>(&'a self, jti: &'a str) -> StoreAnswer<'a, bool> {
        Answer::ready(Ok(is_blacklisted(&lock(&self.0), jti)))
    }

    fn blacklist(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, Blacklisting> {
        Answer::ready(Ok(blacklist(&mut lock(&self.0), token, at)))
    }

    fn rotate(
        &self,
        old: OutstandingToken,
        new: OutstandingToken,
        predecessor: Predecessor,
        at: Timestamp,
    ) -> StoreAnswer<'_, Rotation> {
        let mut rows = lock(&self.0);
        if is_blacklisted(&rows, &old.jti) {
            return Answer::ready(Ok(Rotation::Blacklisted));
        }
        if predecessor == Predecessor::Blacklist {
            blacklist(&mut rows, old, at);
        }
        outstand(&mut rows, new);
        Answer::ready(Ok(Rotation::Done))
    }

    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreAnswer<'_, u64> {
        let mut deleted = 0;
        lock(&self.0).retain(|_, row| {
            let delete = deleted < u64::from(limit) && row.token.expires_at <= now;
            deleted += u64::from(delete);
            !delete
        });
        Answer::ready(Ok(deleted))
    }
}

fn is_blacklisted(rows: &Rows, jti: &str) -> bool {
    rows.get(jti).is_some_and(|row| row.blacklisted_at.is_some())
}

fn outstand(rows: &mut Rows, token: OutstandingToken) -> &mut Row {
    rows.entry(token.jti.clone()).or_insert(Row {
        token,
        blacklisted_at: None,
    })
}

fn blacklist(rows: &mut Rows, token: OutstandingToken, at: Timestamp) -> Blacklisting {
    let row = outstand(rows, token);
    if row.blacklisted_at.is_some() {
        return Blacklisting::Already;
    }
    row.blacklisted_at = Some(at);
    Blacklisting::Done
}
