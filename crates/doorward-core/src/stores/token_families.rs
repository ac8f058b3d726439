//! Families of refresh tokens: the token of a login, its successor, that one's successor (difference 10).

use std::time::Duration;

use doorward_django::timestamp::Timestamp;

/// How often the successor of one token is answered again, once the burst is over.
const MAX_REPLAYS: u32 = 8;

/// What the rotation of a token writes besides the new token.
#[derive(Clone, Debug)]
pub struct Lineage {
    /// What the family is called, where the old token begins one: 32 hexadecimal digits that no other family has.
    pub family: String,
    /// When the family began, where the old token begins one.
    pub began_at: Timestamp,
    /// The successor's claims, as a JSON object: it is signed again from them.
    pub claims: String,
    /// What tells the client from others, as a digest.
    pub client: String,
    /// When the old token may be shown again.
    pub rule: ReuseRule,
}

/// When a token that was rotated may be shown again, and what happens when it may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReuseRule {
    /// For how long after the rotation; zero for not at all (`jwt.reuse_grace`).
    pub grace: Duration,
    /// By whom (`jwt.reuse_binding`).
    pub binding: ReuseBinding,
    /// What happens otherwise (`jwt.reuse_detection`).
    pub detection: ReuseDetection,
}

/// What shows that a rotated token comes from the client that rotated it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReuseBinding {
    /// The User-Agent header: no proof, but a thief has to know it.
    UserAgent,
    /// Nothing: any client may.
    None,
}

/// What happens when a rotated token is shown again and may not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReuseDetection {
    /// Its family is revoked: one of two who have it is a thief, and nobody can tell which.
    RevokeFamily,
    /// Nothing but the refusal.
    Off,
}

/// A token that was rotated, as it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Retired<'a> {
    /// When it was rotated.
    pub rotated_at: Timestamp,
    /// The client that rotated it.
    pub client: &'a str,
    /// How often its successor was answered again after the [burst](ReuseRule::BURST).
    pub replays: u32,
    /// What became of its successor.
    pub successor: Successor,
}

/// What became of the successor of a rotated token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Successor {
    /// Nobody has used it, and it is good.
    Unused,
    /// It was rotated itself, or taken back.
    Spent,
}

/// A rotated token that is shown again, as it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The token's id.
    pub jti: &'a str,
    /// Its family.
    pub family: &'a str,
    /// What is known of it.
    pub retired: Retired<'a>,
}

/// What a store does when a rotated token is shown again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReuseVerdict {
    /// Refuses it, and writes nothing.
    Refused,
    /// Answers the same successor; records the event, and counts the replay.
    Replayed(ReuseEvent),
    /// Refuses it, and records the event.
    Reused(ReuseEvent),
    /// The same, and blacklists the whole family.
    FamilyEnds(ReuseEvent),
}

impl Lineage {
    /// What is to be done when its client shows a rotated token again at `at`: the whole rule. Stores ask it inside their
    /// transaction, and do what it says.
    #[must_use]
    pub fn judge(&self, shown: &Shown<'_>, at: Timestamp) -> ReuseVerdict {
        let Some(kind) = self.rule.judge(&shown.retired, &self.client, at) else {
            return ReuseVerdict::Refused;
        };
        let event = ReuseEvent {
            family: shown.family.to_owned(),
            jti: shown.jti.to_owned(),
            kind,
            client: self.client.clone(),
            at,
        };
        match kind {
            ReuseKind::Replayed => ReuseVerdict::Replayed(event),
            kind if self.rule.ends_family(kind) => ReuseVerdict::FamilyEnds(event),
            ReuseKind::OtherClient | ReuseKind::Reused => ReuseVerdict::Reused(event),
        }
    }
}

impl ReuseRule {
    /// Requests that come this soon after the rotation were sent beside the one that rotated: such replays are not
    /// counted, or 64 tabs that wake up together would look like a thief.
    pub const BURST: Duration = Duration::from_secs(1);

    /// What it is when `client` shows the rotated token again at `at`; `None` where that is refused and nothing
    /// more. Stores ask this inside their transaction.
    ///
    /// Where clocks disagree, a moment before the rotation counts as the rotation's.
    #[must_use]
    pub fn judge(&self, retired: &Retired<'_>, client: &str, at: Timestamp) -> Option<ReuseKind> {
        let age = at.since(retired.rotated_at);
        let is_exhausted = age >= Self::BURST && retired.replays >= MAX_REPLAYS;
        if age >= self.grace || retired.successor == Successor::Spent || is_exhausted {
            return (self.detection == ReuseDetection::RevokeFamily).then_some(ReuseKind::Reused);
        }
        Some(match self.binding {
            ReuseBinding::UserAgent if client != retired.client => ReuseKind::OtherClient,
            ReuseBinding::UserAgent | ReuseBinding::None => ReuseKind::Replayed,
        })
    }

    /// Whether the family of a token that was shown again ends: of two clients that have it one is a thief, whichever
    /// of them rotated it (RFC 9700 §4.14.2).
    #[must_use]
    pub fn ends_family(&self, kind: ReuseKind) -> bool {
        self.detection == ReuseDetection::RevokeFamily && kind != ReuseKind::Replayed
    }
}

/// What it was when a rotated token was shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReuseKind {
    /// Within the grace: the same successor was answered.
    Replayed,
    /// Within the grace, but from another client: refused, and the family was revoked.
    OtherClient,
    /// Refused, and the family was revoked.
    Reused,
}

impl ReuseKind {
    /// The word that is stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Replayed => "replayed",
            Self::OtherClient => "other_client",
            Self::Reused => "reused",
        }
    }

    /// The kind that a stored word stands for.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Replayed, Self::OtherClient, Self::Reused]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// A rotated token was shown again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReuseEvent {
    /// The token's family.
    pub family: String,
    /// The token's id.
    pub jti: String,
    /// What it was.
    pub kind: ReuseKind,
    /// The client that showed it, as a digest.
    pub client: String,
    /// When.
    pub at: Timestamp,
}

impl ReuseEvent {
    /// How many events of one token are kept: a client in a loop must not fill the disk.
    pub const KEPT_PER_TOKEN: u32 = 16;

    /// How long events are kept.
    pub const KEPT_FOR: Duration = Duration::from_secs(90 * 86_400);
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i64 = 1_000;

    fn rule(binding: ReuseBinding) -> ReuseRule {
        ReuseRule {
            grace: Duration::from_secs(10),
            binding,
            detection: ReuseDetection::RevokeFamily,
        }
    }

    fn retired(replays: u32, successor: Successor) -> Retired<'static> {
        Retired {
            rotated_at: Timestamp::from_secs(AT),
            client: "a",
            replays,
            successor,
        }
    }

    #[test]
    fn the_grace_has_an_end_a_limit_and_a_client() {
        let judge = |retired: Retired<'_>, client: &str, seconds: i64| {
            rule(ReuseBinding::UserAgent).judge(&retired, client, Timestamp::from_secs(AT + seconds))
        };
        let fresh = retired(0, Successor::Unused);
        assert_eq!(judge(fresh, "a", 0), Some(ReuseKind::Replayed));
        assert_eq!(judge(fresh, "a", 9), Some(ReuseKind::Replayed));
        assert_eq!(judge(fresh, "a", -5), Some(ReuseKind::Replayed));
        assert_eq!(judge(fresh, "a", 10), Some(ReuseKind::Reused));
        assert_eq!(judge(fresh, "b", 0), Some(ReuseKind::OtherClient));
        assert_eq!(judge(fresh, "b", 10), Some(ReuseKind::Reused));
        assert_eq!(
            judge(retired(7, Successor::Unused), "a", 1),
            Some(ReuseKind::Replayed)
        );
        assert_eq!(
            judge(retired(8, Successor::Unused), "a", 1),
            Some(ReuseKind::Reused)
        );
        assert_eq!(
            judge(retired(0, Successor::Spent), "a", 0),
            Some(ReuseKind::Reused)
        );
    }

    #[test]
    fn without_a_binding_any_client_will_do() {
        let kind =
            rule(ReuseBinding::None).judge(&retired(0, Successor::Unused), "b", Timestamp::from_secs(AT));
        assert_eq!(kind, Some(ReuseKind::Replayed));
    }

    #[test]
    fn without_a_grace_nothing_is_answered_again() {
        let strict = ReuseRule {
            grace: Duration::ZERO,
            ..rule(ReuseBinding::None)
        };
        let kind = strict.judge(&retired(0, Successor::Unused), "a", Timestamp::from_secs(AT));
        assert_eq!(kind, Some(ReuseKind::Reused));
    }

    #[test]
    fn where_nobody_looks_for_reuse_it_is_refused_only() {
        let lax = ReuseRule {
            detection: ReuseDetection::Off,
            ..rule(ReuseBinding::UserAgent)
        };
        let at = Timestamp::from_secs(AT);
        assert_eq!(lax.judge(&retired(0, Successor::Spent), "a", at), None);
        let other = lax.judge(&retired(0, Successor::Unused), "b", at);
        assert_eq!(other, Some(ReuseKind::OtherClient));
        assert!(!lax.ends_family(ReuseKind::OtherClient));
    }

    #[test]
    fn a_verdict_says_what_is_written() {
        let lineage = |client: &str, detection| Lineage {
            family: "another".to_owned(),
            began_at: Timestamp::from_secs(AT),
            claims: String::new(),
            client: client.to_owned(),
            rule: ReuseRule {
                detection,
                ..rule(ReuseBinding::UserAgent)
            },
        };
        let judge = |client, detection, successor| {
            let shown = Shown {
                jti: "j",
                family: "f",
                retired: retired(0, successor),
            };
            lineage(client, detection).judge(&shown, Timestamp::from_secs(AT))
        };
        let event = |kind, client: &str| ReuseEvent {
            family: "f".to_owned(),
            jti: "j".to_owned(),
            kind,
            client: client.to_owned(),
            at: Timestamp::from_secs(AT),
        };
        let (other, reused) = (ReuseKind::OtherClient, ReuseKind::Reused);
        for (verdict, expected) in [
            (
                judge("a", ReuseDetection::Off, Successor::Unused),
                ReuseVerdict::Replayed(event(ReuseKind::Replayed, "a")),
            ),
            (
                judge("a", ReuseDetection::Off, Successor::Spent),
                ReuseVerdict::Refused,
            ),
            (
                judge("b", ReuseDetection::Off, Successor::Unused),
                ReuseVerdict::Reused(event(other, "b")),
            ),
            (
                judge("b", ReuseDetection::RevokeFamily, Successor::Unused),
                ReuseVerdict::FamilyEnds(event(other, "b")),
            ),
            (
                judge("a", ReuseDetection::RevokeFamily, Successor::Spent),
                ReuseVerdict::FamilyEnds(event(reused, "a")),
            ),
        ] {
            assert_eq!(verdict, expected);
        }
    }

    #[test]
    fn two_clients_with_one_token_end_its_family() {
        let rule = rule(ReuseBinding::UserAgent);
        for (kind, ends) in [
            (ReuseKind::Replayed, false),
            (ReuseKind::OtherClient, true),
            (ReuseKind::Reused, true),
        ] {
            assert_eq!(rule.ends_family(kind), ends, "{kind:?}");
        }
    }

    #[test]
    fn kinds_have_their_words() {
        for kind in [ReuseKind::Replayed, ReuseKind::OtherClient, ReuseKind::Reused] {
            assert_eq!(ReuseKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(ReuseKind::from_name(""), None);
    }
}
