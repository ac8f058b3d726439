//! [`Redirect`]: a node of a cluster that names another one.

use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::node::Place;

/// Who has a key, as a node tells that has it not.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Redirect {
    /// It has moved there (`MOVED`).
    Moved(Place),
    /// It is on its way there: this once (`ASK`).
    Ask(Place),
    /// Of several keys some have gone and some have not: the same node, a moment later (`TRYAGAIN`).
    Later,
}

impl Redirect {
    /// What an answer of the node at `from` says; none where it is another failure.
    pub(super) fn read(error: &RedisError, from: &Place) -> Option<Self> {
        if error.kind() == ErrorKind::Server(ServerErrorKind::TryAgain) {
            return Some(Self::Later);
        }
        let (text, _) = error.redirect_node()?;
        let place = Place::told(text, from)?;
        Some(match error.kind() {
            ErrorKind::Server(ServerErrorKind::Ask) => Self::Ask(place),
            _ => Self::Moved(place),
        })
    }
}

#[cfg(test)]
mod tests {
    use redis::parse_redis_value;

    use super::*;

    fn read(answer: &str) -> Option<Redirect> {
        let error = parse_redis_value(answer.as_bytes())
            .unwrap()
            .extract_error()
            .unwrap_err();
        let from = Place {
            host: "here.example".to_owned(),
            port: 7,
        };
        Redirect::read(&error, &from)
    }

    #[test]
    fn places_are_those_that_a_node_names() {
        let place = |host: &str, port| Place {
            host: host.to_owned(),
            port,
        };
        for (answer, wanted) in [
            (
                "-MOVED 866 10.0.0.1:6381\r\n",
                Some(Redirect::Moved(place("10.0.0.1", 6381))),
            ),
            (
                "-ASK 866 node.example:1\r\n",
                Some(Redirect::Ask(place("node.example", 1))),
            ),
            (
                "-MOVED 866 :6381\r\n",
                Some(Redirect::Moved(place("here.example", 6381))),
            ),
            (
                "-MOVED 866 ::1:6381\r\n",
                Some(Redirect::Moved(place("::1", 6381))),
            ),
            ("-MOVED 866\r\n", None),
            ("-MOVED 866 node.example:99999\r\n", None),
            (
                "-TRYAGAIN Multiple keys request during rehashing of slot\r\n",
                Some(Redirect::Later),
            ),
            ("-CLUSTERDOWN The cluster is down\r\n", None),
            ("-NOSCRIPT No matching script\r\n", None),
        ] {
            assert_eq!(read(answer), wanted, "{answer}");
        }
    }
}
