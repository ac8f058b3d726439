//! Every order in which readers, writers and the poller of a feed can take their steps, tried one by one: what is kept never
//! outlives the change of it.

use std::sync::Arc;
use std::time::Duration;

use doorward_db::feed::Key;
use doorward_django::timestamp::Timestamp;

use super::{Began, Coherence, Keys, Verdict};
use crate::cache::rules::CacheRules;
use crate::clock::ManualClock;
use crate::settings::FeedUse;

/// In microseconds: a step takes one. Long enough for a reader and a writer to take all of theirs.
const BOUND: u64 = 8;

/// A database with one row, a cache with one place, and what was promised.
struct World {
    coherence: Coherence,
    clock: Arc<ManualClock>,
    /// What stands in the row: how often it was written.
    row: u32,
    /// When each of those was committed.
    commits: Vec<Timestamp>,
    /// What is kept, and when its read began.
    kept: Option<(Began, u32)>,
    /// What a writer here has told that it is done.
    promised: u32,
}

/// One of those who act, and what it knows between its steps.
#[derive(Clone, Copy, Default)]
struct Actor {
    began: Option<Began>,
    seen: u32,
    number: u64,
    polled_at: Option<Timestamp>,
}

type Step = fn(&mut World, &mut Actor);

const READ: &[Step] = &[
    |world, me| me.began = Some(world.coherence.begin()),
    |world, me| me.seen = world.row,
    |world, me| world.kept = me.began.map(|began| (began, me.seen)),
];

/// [`Coherence::bump`] is two steps.
const WRITE_HERE: &[Step] = &[
    commit,
    |world, me| me.number = world.coherence.next(),
    |world, me| {
        world
            .coherence
            .stripe(key())
            .fetch_max(me.number, super::Ordering::SeqCst);
    },
    |world, me| world.promised = world.promised.max(me.seen),
];

const WRITE_ELSEWHERE: &[Step] = &[commit];

const POLL: &[Step] = &[
    |world, me| me.polled_at = Some(world.coherence.now()),
    |world, me| me.seen = world.row,
    |world, me| {
        if u64::from(me.seen) > me.number {
            world.coherence.bump(key());
            me.number = u64::from(me.seen);
        }
    },
    |world, me| {
        if let Some(at) = me.polled_at {
            world.coherence.confirm(at);
        }
    },
];

fn commit(world: &mut World, me: &mut Actor) {
    world.row += 1;
    me.seen = world.row;
    world.commits.push(world.coherence.now());
}

fn key() -> Key {
    Key::user("1")
}

impl World {
    fn new() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_secs(0)));
        let rules = CacheRules {
            max_staleness: Duration::from_micros(BOUND),
            max_age: Duration::from_micros(1_000),
            room: 1,
            capacity: 1_000_000,
            feed: FeedUse::Auto,
        };
        Self {
            coherence: Coherence::with_stripes(2, &rules, Arc::clone(&clock) as _),
            clock,
            row: 0,
            commits: Vec::new(),
            kept: None,
            promised: 0,
        }
    }

    /// A request comes: what is kept may be as old as the bound, and no older than what was promised here.
    fn ask(&self, order: &[usize]) {
        let asked = self.coherence.now();
        let Some((began, value)) = self.kept else { return };
        if self.coherence.judge(began, Keys::one(key()), asked) != Verdict::Good {
            return;
        }
        assert!(
            value >= self.promised,
            "{order:?}: {value} after {} was promised",
            self.promised
        );
        if let Some(next) = self.commits.get(value as usize) {
            let age = asked.since(*next);
            assert!(
                age <= Duration::from_micros(BOUND),
                "{order:?}: a change is {age:?} old and not seen"
            );
        }
    }
}

/// Every order of the steps of actors that have so many.
fn orders(lengths: &mut [usize], order: &mut Vec<usize>, visit: &mut impl FnMut(&[usize])) {
    if lengths.iter().all(|left| *left == 0) {
        return visit(order);
    }
    for actor in 0..lengths.len() {
        if lengths[actor] > 0 {
            lengths[actor] -= 1;
            order.push(actor);
            orders(lengths, order, visit);
            order.pop();
            lengths[actor] += 1;
        }
    }
}

/// Lets them act in every order, and asks after each step. Gives how many orders there were.
fn check(actors: &[&[Step]], prepare: impl Fn(&World)) -> usize {
    let mut lengths: Vec<_> = actors.iter().map(|steps| steps.len()).collect();
    let mut count = 0;
    orders(&mut lengths, &mut Vec::new(), &mut |order| {
        count += 1;
        let mut world = World::new();
        prepare(&world);
        let mut states = vec![(0, Actor::default()); actors.len()];
        for actor in order {
            let (step, state) = &mut states[*actor];
            actors[*actor][*step](&mut world, state);
            *step += 1;
            world.ask(order);
            world.clock.advance(Duration::from_micros(1));
            world.ask(order);
        }
        for _ in 0..2 * BOUND {
            world.clock.advance(Duration::from_micros(1));
            world.ask(order);
        }
    });
    count
}

fn nothing(_: &World) {}

/// A feed that is up, and has found nothing so far.
fn live(world: &World) {
    world.coherence.confirm(world.coherence.now());
}

#[test]
fn no_fill_outlives_a_write_of_this_process() {
    assert_eq!(check(&[READ, READ, WRITE_HERE], nothing), 4_200);
    assert_eq!(check(&[READ, WRITE_HERE, WRITE_HERE], nothing), 11_550);
    assert_eq!(check(&[READ, READ, WRITE_HERE], live), 4_200);
}

#[test]
fn no_fill_outlives_the_bound_without_a_feed() {
    assert_eq!(check(&[READ, READ, WRITE_ELSEWHERE], nothing), 140);
}

#[test]
fn no_fill_outlives_the_bound_with_a_feed() {
    let polls: Vec<Step> = [POLL, POLL].concat();
    assert_eq!(check(&[READ, WRITE_ELSEWHERE, &polls], nothing), 1_980);
    assert_eq!(check(&[READ, WRITE_ELSEWHERE, &polls], live), 1_980);
    assert_eq!(check(&[READ, WRITE_ELSEWHERE, WRITE_HERE, POLL], live), 138_600);
}

/// The tests above can fail: a bump that is told before the commit is one that a stale fill gets past.
#[test]
fn a_bump_before_the_commit_is_found_out() {
    let too_early: &[Step] = &[
        |world, me| me.number = world.coherence.next(),
        |world, me| {
            world
                .coherence
                .stripe(key())
                .fetch_max(me.number, super::Ordering::SeqCst);
        },
        commit,
        |world, me| world.promised = world.promised.max(me.seen),
    ];
    let found = std::panic::catch_unwind(|| check(&[READ, too_early], nothing));
    assert!(found.is_err());
}
