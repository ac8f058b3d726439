use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use doorward_django::timestamp::Timestamp;

use super::lock;
use super::token_families::Families;
use super::users::MemoryUsers;
use crate::answer::Answer;
use crate::stores::{
    Blacklisting, Lineage, OutstandingToken, OutstandingTokenStore, Predecessor, ReuseEvent, ReuseKind,
    Rotation, StoreAnswer,
};
use crate::user::UserId;

/// Outstanding tokens and those that were taken back, by id.
#[derive(Debug, Default)]
pub(super) struct MemoryOutstandingTokens(Mutex<Tables>, Arc<MemoryUsers>);

#[derive(Debug, Default)]
struct Tables {
    rows: HashMap<String, Row>,
    families: Families,
}

#[derive(Debug)]
struct Row {
    token: OutstandingToken,
    blacklisted_at: Option<Timestamp>,
}

impl MemoryOutstandingTokens {
    pub(super) fn new(users: Arc<MemoryUsers>) -> Self {
        Self(Mutex::default(), users)
    }

    /// Takes back all that are outstanding of a user; tells how many.
    pub(super) fn blacklist_all_of(&self, user: &UserId, at: Timestamp) -> u64 {
        let mut blacklisted = 0;
        for row in lock(&self.0).rows.values_mut() {
            let is_theirs = row.token.user.as_ref() == Some(user);
            if is_theirs && row.blacklisted_at.is_none() && row.token.expires_at > at {
                row.blacklisted_at = Some(at);
                blacklisted += 1;
            }
        }
        blacklisted
    }
}

impl OutstandingTokenStore for MemoryOutstandingTokens {
    fn record(&self, token: OutstandingToken) -> StoreAnswer<'_, ()> {
        lock(&self.0).outstand(token);
        Answer::ready(Ok(()))
    }

    fn record_login(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, ()> {
        let mut tables = lock(&self.0);
        if let Some(user) = &token.user {
            self.1.change(user, |row| row.last_login = Some(at));
        }
        tables.outstand(token);
        Answer::ready(Ok(()))
    }

    fn is_blacklisted<'a>(&'a self, jti: &'a str) -> StoreAnswer<'a, bool> {
        Answer::ready(Ok(lock(&self.0).is_blacklisted(jti)))
    }

    fn blacklist(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, Blacklisting> {
        Answer::ready(Ok(lock(&self.0).blacklist(token, at)))
    }

    fn rotate(
        &self,
        old: OutstandingToken,
        new: OutstandingToken,
        predecessor: Predecessor,
        at: Timestamp,
    ) -> StoreAnswer<'_, Rotation> {
        let mut tables = lock(&self.0);
        Answer::ready(Ok(match predecessor {
            Predecessor::Blacklist(lineage) => tables.rotate(old, new, lineage, at),
            Predecessor::Keep => tables.keep(&old.jti, new),
        }))
    }

    fn family_began_at<'a>(&'a self, jti: &'a str) -> StoreAnswer<'a, Option<Timestamp>> {
        Answer::ready(Ok(lock(&self.0).families.began_at(jti)))
    }

    fn revoke_family(&self, token: OutstandingToken, at: Timestamp) -> StoreAnswer<'_, u64> {
        let mut tables = lock(&self.0);
        let jti = token.jti.clone();
        let own = u64::from(tables.blacklist(token, at) == Blacklisting::Done);
        Answer::ready(Ok(own + tables.blacklist_family(&jti, at)))
    }

    fn reuse_events(&self, limit: u32) -> StoreAnswer<'_, Vec<ReuseEvent>> {
        Answer::ready(Ok(lock(&self.0).families.latest(limit)))
    }

    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreAnswer<'_, u64> {
        let mut deleted = 0;
        let mut tables = lock(&self.0);
        tables.families.delete_expired(now);
        tables.rows.retain(|_, row| {
            let delete = deleted < u64::from(limit) && row.token.expires_at <= now;
            deleted += u64::from(delete);
            !delete
        });
        Answer::ready(Ok(deleted))
    }
}

impl Tables {
    fn is_blacklisted(&self, jti: &str) -> bool {
        let row = self.rows.get(jti);
        row.is_some_and(|row| row.blacklisted_at.is_some())
    }

    fn outstand(&mut self, token: OutstandingToken) -> &mut Row {
        self.rows.entry(token.jti.clone()).or_insert(Row {
            token,
            blacklisted_at: None,
        })
    }

    fn blacklist(&mut self, token: OutstandingToken, at: Timestamp) -> Blacklisting {
        let row = self.outstand(token);
        if row.blacklisted_at.is_some() {
            return Blacklisting::Already;
        }
        row.blacklisted_at = Some(at);
        Blacklisting::Done
    }

    fn keep(&mut self, old: &str, new: OutstandingToken) -> Rotation {
        if self.is_blacklisted(old) {
            return Rotation::Blacklisted;
        }
        self.outstand(new);
        Rotation::Done
    }

    fn rotate(
        &mut self,
        old: OutstandingToken,
        new: OutstandingToken,
        lineage: Lineage,
        at: Timestamp,
    ) -> Rotation {
        if self.is_blacklisted(&old.jti) {
            return self.shown_again(&old.jti, lineage, at);
        }
        self.families.succeed(&old, &new, lineage, at);
        self.blacklist(old, at);
        self.outstand(new);
        Rotation::Done
    }

    fn shown_again(&mut self, jti: &str, lineage: Lineage, at: Timestamp) -> Rotation {
        let is_good = |jti: &str| !self.is_blacklisted(jti);
        let kind = self.families.judge(jti, &lineage, at, is_good);
        let Some(kind) = kind else {
            return Rotation::Blacklisted;
        };
        let ends_family = lineage.rule.ends_family(kind);
        self.families.note(jti, kind, lineage.client, at);
        if kind == ReuseKind::Replayed
            && let Some(claims) = self.families.replay(jti, at)
        {
            return Rotation::Replayed(claims);
        }
        let revoked = match ends_family {
            true => self.blacklist_family(jti, at),
            false => 0,
        };
        Rotation::Refused { kind, revoked }
    }

    fn blacklist_family(&mut self, jti: &str, at: Timestamp) -> u64 {
        let mut revoked = 0;
        for relative in self.families.relatives(jti) {
            if let Some(row) = self.rows.get_mut(&relative)
                && row.blacklisted_at.is_none()
            {
                row.blacklisted_at = Some(at);
                revoked += 1;
            }
        }
        revoked
    }
}
