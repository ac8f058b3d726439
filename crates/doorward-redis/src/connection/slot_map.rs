//! [`SlotMap`]: which node of a cluster has which slots, as `CLUSTER SLOTS` tells it.

use redis::Value;

use super::values::{items, number, text};
use crate::hash_slot::{SLOTS, hash_slot};
use crate::node::Place;

/// How many names are tried for one on each node. With one slot of 16384 alone a node is missed once in a million times.
const TRIED: u32 = 250_000;

/// Who has which slots: all of them, each once.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SlotMap {
    /// The last slot of each range, in their order, and whose it is.
    ranges: Vec<(u16, usize)>,
    /// Those that have slots.
    pub(super) primaries: Vec<Place>,
    /// Those that stand by.
    pub(super) replicas: Vec<Place>,
}

/// A range of slots: the first, the last, and who has it.
struct Range {
    slots: (u16, u16),
    primary: Place,
    replicas: Vec<Place>,
}

impl SlotMap {
    /// What the node at `from` answered; none where it makes no sense, or some slot is nobody's.
    pub(super) fn read(answer: &Value, from: &Place) -> Option<Self> {
        let ranges = items(answer)?.iter().map(|range| read_range(range, from));
        let mut ranges: Vec<Range> = ranges.collect::<Option<_>>()?;
        ranges.sort_by_key(|range| range.slots);
        let mut map = Self {
            ranges: Vec::new(),
            primaries: Vec::new(),
            replicas: Vec::new(),
        };
        let mut next = 0;
        for range in ranges {
            let (first, last) = range.slots;
            if first != next || last < first || last >= SLOTS {
                return None;
            }
            next = last + 1;
            map.add(last, range);
        }
        (next == SLOTS).then_some(map)
    }

    fn add(&mut self, last: u16, range: Range) {
        let known = self.primaries.iter().position(|place| *place == range.primary);
        let index = known.unwrap_or_else(|| {
            self.primaries.push(range.primary);
            self.primaries.len() - 1
        });
        self.ranges.push((last, index));
        let new = range
            .replicas
            .into_iter()
            .filter(|place| !self.replicas.contains(place));
        let new: Vec<Place> = new.collect();
        self.replicas.extend(new);
    }

    /// Which of the primaries has a key.
    pub(super) fn of(&self, key: &str) -> Option<usize> {
        let slot = hash_slot(key);
        let place = self.ranges.partition_point(|(last, _)| *last < slot);
        self.ranges.get(place).map(|(_, index)| *index)
    }

    /// A name for each of the primaries: a key that has it in braces is theirs.
    pub(super) fn tags(&self) -> Option<Vec<String>> {
        let mut tags = vec![None; self.primaries.len()];
        for number in 0..TRIED {
            let tag = number.to_string();
            let free = self.of(&tag).and_then(|index| tags.get_mut(index));
            if let Some(free) = free.filter(|free| free.is_none()) {
                *free = Some(tag);
                if tags.iter().all(Option::is_some) {
                    break;
                }
            }
        }
        tags.into_iter().collect()
    }
}

fn read_range(range: &Value, from: &Place) -> Option<Range> {
    let [first, last, primary, replicas @ ..] = items(range)? else {
        return None;
    };
    let slot = |value| number(value).and_then(|slot| u16::try_from(slot).ok());
    Some(Range {
        slots: (slot(first)?, slot(last)?),
        primary: read_place(primary, from)?,
        // One that nobody can name is no help, and no harm.
        replicas: replicas
            .iter()
            .filter_map(|replica| read_place(replica, from))
            .collect(),
    })
}

fn read_place(node: &Value, from: &Place) -> Option<Place> {
    let [host, port, ..] = items(node)? else {
        return None;
    };
    match text(host) {
        Some("?") => None,
        host => Place::told_apart(host, number(port)?, from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(host: Value, port: i64) -> Value {
        Value::Array(vec![
            host,
            Value::Int(port),
            text_of("an id"),
            Value::Array(vec![]),
        ])
    }

    fn text_of(text: &str) -> Value {
        Value::BulkString(text.as_bytes().to_vec())
    }

    fn range(first: i64, last: i64, nodes: Vec<Value>) -> Value {
        let mut range = vec![Value::Int(first), Value::Int(last)];
        range.extend(nodes);
        Value::Array(range)
    }

    fn from() -> Place {
        Place {
            host: "seed.example".to_owned(),
            port: 7,
        }
    }

    fn map() -> SlotMap {
        let answer = Value::Array(vec![
            range(10_923, 16_383, vec![node(text_of("c"), 3)]),
            range(0, 99, vec![node(text_of("a"), 1), node(text_of("d"), 4)]),
            range(100, 5_460, vec![node(text_of("a"), 1), node(text_of("d"), 4)]),
            range(5_461, 10_922, vec![node(Value::Nil, 2), node(text_of("?"), 9)]),
        ]);
        SlotMap::read(&answer, &from()).unwrap()
    }

    #[test]
    fn keys_belong_to_the_node_that_has_their_slot() {
        let map = map();
        let places: Vec<String> = map.primaries.iter().map(Place::to_string).collect();
        assert_eq!(places, ["a:1", "seed.example:2", "c:3"]);
        assert_eq!(map.replicas.len(), 1);
        // 12182, 5061, 9500 and 0.
        for (key, index) in [("foo", 2), ("bar", 0), ("{}foo", 1), ("", 0)] {
            assert_eq!(map.of(key), Some(index), "{key}");
        }
    }

    #[test]
    fn each_primary_has_a_name() {
        let map = map();
        let tags = map.tags().unwrap();
        let owners = tags.iter().map(|tag| map.of(&format!("site:{{{tag}}}:probe")));
        assert_eq!(owners.collect::<Vec<_>>(), [Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn slots_that_are_nobody_s_are_no_map() {
        let whole = |port| vec![node(text_of("a"), port)];
        for ranges in [
            vec![],
            vec![range(0, 16_382, whole(1))],
            vec![range(1, 16_383, whole(1))],
            vec![range(0, 16_384, whole(1))],
            vec![range(0, 8_000, whole(1)), range(8_002, 16_383, whole(2))],
            vec![range(0, 8_000, whole(1)), range(7_000, 16_383, whole(2))],
            vec![range(0, 16_383, vec![])],
            vec![range(0, 16_383, whole(70_000))],
            vec![range(0, 16_383, vec![node(text_of("?"), 1)])],
            vec![range(-1, 16_383, whole(1))],
            vec![Value::Okay],
        ] {
            assert_eq!(
                SlotMap::read(&Value::Array(ranges.clone()), &from()),
                None,
                "{ranges:?}"
            );
        }
        assert_eq!(SlotMap::read(&Value::Nil, &from()), None);
    }
}
