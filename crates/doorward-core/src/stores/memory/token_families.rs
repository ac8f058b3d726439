use std::collections::HashMap;

use doorward_django::timestamp::Timestamp;

use crate::stores::{Lineage, OutstandingToken, Retired, ReuseEvent, ReuseKind, ReuseRule, Successor};

/// Every token that belongs to a family, by id, and what was recorded of those that were shown again.
#[derive(Debug, Default)]
pub(super) struct Families {
    members: HashMap<String, Member>,
    events: Vec<ReuseEvent>,
}

#[derive(Debug)]
struct Member {
    family: String,
    began_at: Timestamp,
    expires_at: Timestamp,
    claims: Option<String>,
    rotated: Option<Rotated>,
}

#[derive(Debug)]
struct Rotated {
    at: Timestamp,
    client: String,
    successor: String,
    replays: u32,
}

impl Families {
    pub(super) fn began_at(&self, jti: &str) -> Option<Timestamp> {
        self.members.get(jti).map(|member| member.began_at)
    }

    /// The ids of all that belong to the family of that token.
    pub(super) fn relatives(&self, jti: &str) -> Vec<String> {
        let Some(member) = self.members.get(jti) else {
            return Vec::new();
        };
        let relatives = self.members.iter();
        relatives
            .filter(|(_, other)| other.family == member.family)
            .map(|(jti, _)| jti.clone())
            .collect()
    }

    /// Records that `new` follows `old`.
    pub(super) fn succeed(
        &mut self,
        old: &OutstandingToken,
        new: &OutstandingToken,
        lineage: Lineage,
        at: Timestamp,
    ) {
        let parent = self.members.entry(old.jti.clone()).or_insert(Member {
            family: lineage.family,
            began_at: lineage.began_at,
            expires_at: old.expires_at,
            claims: None,
            rotated: None,
        });
        parent.claims = None;
        parent.rotated = Some(Rotated {
            at,
            client: lineage.client,
            successor: new.jti.clone(),
            replays: 0,
        });
        let child = Member {
            family: parent.family.clone(),
            began_at: parent.began_at,
            expires_at: new.expires_at,
            claims: Some(lineage.claims),
            rotated: None,
        };
        self.members.insert(new.jti.clone(), child);
    }

    /// What it is when a token is shown again; `None` also where we know of no rotation.
    pub(super) fn judge(
        &self,
        jti: &str,
        lineage: &Lineage,
        at: Timestamp,
        is_good: impl Fn(&str) -> bool,
    ) -> Option<ReuseKind> {
        let rotated = self.members.get(jti)?.rotated.as_ref()?;
        let unused = self.claims_of(&rotated.successor).is_some() && is_good(&rotated.successor);
        let retired = Retired {
            rotated_at: rotated.at,
            client: &rotated.client,
            replays: rotated.replays,
            successor: if unused {
                Successor::Unused
            } else {
                Successor::Spent
            },
        };
        lineage.rule.judge(&retired, &lineage.client, at)
    }

    fn claims_of(&self, jti: &str) -> Option<&String> {
        self.members.get(jti)?.claims.as_ref()
    }

    /// The claims of a token's successor, which is answered once more.
    pub(super) fn replay(&mut self, jti: &str, at: Timestamp) -> Option<String> {
        let rotated = self.members.get_mut(jti)?.rotated.as_mut()?;
        rotated.replays += u32::from(at.since(rotated.at) >= ReuseRule::BURST);
        let successor = rotated.successor.clone();
        self.claims_of(&successor).cloned()
    }

    pub(super) fn note(&mut self, jti: &str, kind: ReuseKind, client: String, at: Timestamp) {
        let of_token = self.events.iter().filter(|event| event.jti == jti).count();
        let Some(member) = self.members.get(jti) else {
            return;
        };
        if of_token < ReuseEvent::KEPT_PER_TOKEN as usize {
            self.events.push(ReuseEvent {
                family: member.family.clone(),
                jti: jti.to_owned(),
                kind,
                client,
                at,
            });
        }
    }

    pub(super) fn latest(&self, limit: u32) -> Vec<ReuseEvent> {
        let events = self.events.iter().rev();
        events.take(limit as usize).cloned().collect()
    }

    pub(super) fn delete_expired(&mut self, now: Timestamp) {
        self.members.retain(|_, member| member.expires_at > now);
        self.events
            .retain(|event| event.at.saturating_add(ReuseEvent::KEPT_FOR) > now);
    }
}
