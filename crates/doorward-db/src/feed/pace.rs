//! How often a feed is polled.

use std::time::Duration;

/// Between two polls at least: twenty a second.
pub(super) const LEAST: Duration = Duration::from_millis(50);
/// Where nobody has asked for so long, nobody is about to.
const IDLE_AFTER: Duration = Duration::from_secs(1);
/// Then so often.
const IDLE: Duration = Duration::from_secs(2);
/// How often a feed is tried that tells nothing.
const DOWN: Duration = Duration::from_secs(5);

/// How long to wait after a poll, unless somebody asks for another one.
///
/// `asked` is how long ago anything was asked for that the feed keeps fresh; nothing where nobody ever did.
pub(super) fn wait(asked: Option<Duration>, is_live: Liveness) -> Duration {
    match (is_live, asked) {
        (Liveness::Down, _) => DOWN,
        (Liveness::Live, Some(ago)) if ago < IDLE_AFTER => LEAST,
        (Liveness::Live, _) => IDLE,
    }
}

/// Whether the last poll told anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Liveness {
    Live,
    Down,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_asked_polls_often_and_who_is_not_seldom() {
        let just_now = Some(Duration::from_millis(10));
        assert_eq!(wait(just_now, Liveness::Live), Duration::from_millis(50));
        assert_eq!(wait(Some(IDLE_AFTER), Liveness::Live), IDLE);
        assert_eq!(wait(None, Liveness::Live), IDLE);
        assert_eq!(wait(just_now, Liveness::Down), DOWN);
    }
}
